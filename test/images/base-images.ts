import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { type DebianPackages, fetchDebian } from '../cluster/debian.ts';
import { cacheRoot } from '../cluster/layout.ts';
import { withLock } from '../cluster/lock.ts';
import { root } from '../support/paas.ts';

/**
 * Images under the names that the recipes build on, made of Debian's packages, the npm package `node` and the machine's
 * Go, since no public registry can be reached. They lie in buildah's storage, where a build finds them before it asks a
 * registry.
 */

interface Base {
  /** What it is called in the recipes: all of these. */
  readonly names: readonly string[];
  readonly packages: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly user?: string;
  /** What Debian would run when it installs the packages. */
  readonly run?: string;
  /** Changes when `fill` does. */
  readonly version: number;
  readonly fill?: (folder: string) => Promise<void>;
}

/** A machine may trust certificates of its own; package managers that bring theirs have to be told. */
const CERTIFICATES = {
  NODE_EXTRA_CA_CERTS: '/etc/ssl/certs/ca-certificates.crt',
  PIP_CERT: '/etc/ssl/certs/ca-certificates.crt',
};

/** Changes when `fillCommon` does. */
const COMMON = 2;

const C = ['libc6', 'libgcc-s1', 'libstdc++6', 'zlib1g', 'libssl3', 'libcrypt1'];

export const BASES = {
  plain: { names: ['localhost/base/plain:1'], packages: [], version: 1 },
  node: {
    names: ['docker.io/library/node:24', 'docker.io/library/node:24-slim'],
    packages: C,
    env: CERTIFICATES,
    version: 2,
    fill: async (folder) => {
      const bin = join(folder, 'usr/local/bin');
      mkdirSync(bin, { recursive: true });
      copyFileSync(join(root, 'node_modules/node/bin/node'), join(bin, 'node'));
      const modules = join(folder, 'usr/local/lib/node_modules');
      mkdirSync(modules, { recursive: true });
      const { stdout } = await execa('npm', ['pack', '--silent', 'npm@11'], { cwd: modules });
      await execa('tar', ['-xzf', stdout.trim()], { cwd: modules });
      rmSync(join(modules, stdout.trim()));
      await execa('mv', ['package', 'npm'], { cwd: modules });
      for (const name of ['npm', 'npx']) {
        symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(bin, name));
      }
    },
  },
  python: {
    names: ['docker.io/library/python:3.11', 'docker.io/library/python:3.11-slim'],
    packages: [
      ...C,
      'python3.11-minimal',
      'libpython3.11-minimal',
      'libpython3.11-stdlib',
      'python3.11-venv',
      'python3-pip-whl',
      'python3-setuptools-whl',
      'python3-distutils',
      'libexpat1',
      'libffi8',
      'libbz2-1.0',
      'liblzma5',
      'libsqlite3-0',
      'libuuid1',
    ],
    env: CERTIFICATES,
    version: 2,
    fill: async (folder) => {
      const bin = join(folder, 'usr/local/bin');
      mkdirSync(bin, { recursive: true });
      for (const name of ['python', 'python3']) symlinkSync('/usr/bin/python3.11', join(bin, name));
    },
  },
  go: {
    names: ['docker.io/library/golang:1.26', 'docker.io/library/golang:1.24', 'docker.io/library/golang:1'],
    packages: [],
    env: { GOTOOLCHAIN: 'local', GOCACHE: '/go-cache' },
    version: 3,
    fill: async (folder) => {
      const { stdout: from } = await execa('go', ['env', 'GOROOT'], { cwd: '/' });
      const to = join(folder, 'usr/local/go');
      const skipped = /\/(testdata|test|api|doc|misc)$|_test\.go$|\/src\/cmd\/(?!internal|vendor)[^/]+\//;
      for (const part of ['bin', 'pkg', 'src', 'VERSION', 'go.env']) {
        cpSync(join(from, part), join(to, part), {
          recursive: true,
          filter: (path) => !skipped.test(path.slice(from.length)),
        });
      }
      // The standard library, compiled as the recipe does it: once per machine and not once per build.
      await execa('go', ['build', '-trimpath', '-tags=timetzdata', 'net/http'], {
        cwd: '/',
        env: { GOCACHE: join(folder, 'go-cache'), CGO_ENABLED: '0', GOFLAGS: '', GOTOOLCHAIN: 'local' },
      });
      mkdirSync(join(folder, 'usr/local/bin'), { recursive: true });
      symlinkSync('/usr/local/go/bin/go', join(folder, 'usr/local/bin/go'));
    },
  },
  nginx: {
    names: ['docker.io/nginxinc/nginx-unprivileged:stable-alpine'],
    packages: [...C, 'nginx', 'nginx-common', 'libpcre2-8-0'],
    user: '101',
    version: 1,
  },
  ruby: {
    names: ['docker.io/library/ruby:3.1', 'docker.io/library/ruby:3.1-slim'],
    packages: [
      ...C,
      'ruby',
      'ruby3.1',
      'libruby3.1',
      'ruby-bundler',
      'ruby-rubygems',
      'rubygems-integration',
      'libgmp10',
      'libyaml-0-2',
      'libffi8',
      'libedit2',
      'libncurses6',
      'libtinfo6',
      'libbsd0',
      'libmd0',
    ],
    version: 1,
  },
  php: {
    names: ['docker.io/library/php:8.2-apache', 'docker.io/library/composer:2'],
    packages: [
      ...C,
      'apache2',
      'apache2-bin',
      'libapache2-mod-php8.2',
      'php8.2-cli',
      'php8.2-common',
      'php8.2-mbstring',
      'composer',
      'jsonlint',
      ...[
        'composer-ca-bundle',
        'composer-class-map-generator',
        'composer-metadata-minifier',
        'composer-pcre',
        'composer-semver',
        'composer-spdx-licenses',
        'composer-xdebug-handler',
        'json-schema',
        'psr-container',
        'psr-log',
        'react-promise',
        'seld-signal-handler',
        'symfony-console',
        'symfony-deprecation-contracts',
        'symfony-filesystem',
        'symfony-finder',
        'symfony-process',
        'symfony-service-contracts',
        'symfony-string',
      ].map((name) => `php-${name}`),
      'perl-base',
      'perl-modules-5.36',
      'libapr1',
      'libaprutil1',
      'libargon2-1',
      'libbsd0',
      'libdb5.3',
      'libedit2',
      'libexpat1',
      'libffi8',
      'libicu72',
      'liblzma5',
      'libmd0',
      'libonig5',
      'libpcre2-8-0',
      'libsodium23',
      'libtinfo6',
      'libuuid1',
      'libxml2',
      'media-types',
      'tzdata',
    ],
    env: { SSL_CERT_FILE: '/etc/ssl/certs/ca-certificates.crt' },
    version: 2,
    fill: fillPhp,
  },
  java: {
    names: ['docker.io/library/maven:3-eclipse-temurin-17', 'docker.io/library/eclipse-temurin:17-jre'],
    packages: [...C, 'openjdk-17-jdk-headless', 'openjdk-17-jre-headless'],
    env: { JAVA_HOME: '/usr/local/java' },
    run: 'java /Trust.java && rm /Trust.java',
    version: 2,
    fill: fillJava,
  },
} satisfies Record<string, Base>;

/** What Debian does when it installs Apache and PHP, and what the image of PHP adds: it starts in the foreground. */
async function fillPhp(folder: string): Promise<void> {
  const apache = join(folder, 'etc/apache2');
  const modules = ['authz_core', 'alias', 'dir', 'mime', 'mpm_prefork', 'php8.2'];
  for (const file of modules.flatMap((name) => [`${name}.load`, `${name}.conf`])) {
    if (!existsSync(join(apache, 'mods-available', file))) continue;
    mkdirSync(join(apache, 'mods-enabled'), { recursive: true });
    symlinkSync(`../mods-available/${file}`, join(apache, 'mods-enabled', file));
  }
  const docker = `<FilesMatch \\.php$>
  SetHandler application/x-httpd-php
</FilesMatch>
DirectoryIndex index.php index.html
<Directory /var/www/>
  Options -Indexes
  AllowOverride All
</Directory>
`;
  writeFileSync(join(apache, 'conf-available/docker-php.conf'), docker);
  for (const [kind, file] of [
    ['conf', 'docker-php.conf'],
    ['sites', '000-default.conf'],
  ]) {
    mkdirSync(join(apache, `${kind}-enabled`), { recursive: true });
    symlinkSync(`../${kind}-available/${file}`, join(apache, `${kind}-enabled`, file!));
  }
  for (const program of ['cli', 'apache2']) {
    const settings = join(folder, 'etc/php/8.2', program, 'conf.d');
    mkdirSync(settings, { recursive: true });
    for (const from of ['common/common', 'mbstring/mbstring']) {
      const extensions = join(folder, `usr/share/php8.2-${from}`);
      for (const file of readdirSync(extensions)) copyFileSync(join(extensions, file), join(settings, file));
    }
  }
  mkdirSync(join(folder, 'usr/local/bin'), { recursive: true });
  for (const bin of ['usr/bin', 'usr/local/bin']) symlinkSync('/usr/bin/php8.2', join(folder, bin, 'php'));
  for (const path of ['var/log/apache2', 'var/www/html', 'srv'])
    mkdirSync(join(folder, path), { recursive: true });
  for (const [name, stream] of [
    ['access', 'stdout'],
    ['error', 'stderr'],
    ['other_vhosts_access', 'stdout'],
  ]) {
    symlinkSync(`/dev/${stream}`, join(folder, `var/log/apache2/${name}.log`));
  }
  const start = `#!/bin/sh
set -e
: "\${APACHE_RUN_USER:=www-data}" "\${APACHE_RUN_GROUP:=www-data}" "\${APACHE_RUN_DIR:=/var/run/apache2}"
: "\${APACHE_LOCK_DIR:=/var/lock/apache2}" "\${APACHE_LOG_DIR:=/var/log/apache2}" "\${APACHE_PID_FILE:=$APACHE_RUN_DIR/apache2.pid}"
export APACHE_RUN_USER APACHE_RUN_GROUP APACHE_RUN_DIR APACHE_LOCK_DIR APACHE_LOG_DIR APACHE_PID_FILE
rm -f "$APACHE_PID_FILE"
mkdir -p "$APACHE_RUN_DIR" "$APACHE_LOCK_DIR"
exec apache2 -DFOREGROUND "$@"
`;
  writeFileSync(join(folder, 'usr/local/bin/apache2-foreground'), start, { mode: 0o755 });
}

/** Makes the JDK's store of certificates, which Debian does when it installs one: JKS can be read without a password. */
const TRUST = `
import java.io.*;
import java.security.KeyStore;
import java.security.cert.*;

class Trust {
  public static void main(String[] arguments) throws Exception {
    KeyStore store = KeyStore.getInstance("JKS");
    store.load(null, null);
    int number = 0;
    try (InputStream in = new BufferedInputStream(new FileInputStream("/etc/ssl/certs/ca-certificates.crt"))) {
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in))
        store.setCertificateEntry("of-the-machine-" + number++, one);
    }
    new File("/etc/ssl/certs/java").mkdirs();
    try (OutputStream out = new FileOutputStream("/etc/ssl/certs/java/cacerts")) {
      store.store(out, "changeit".toCharArray());
    }
  }
}
`;

/** The JDK's certificates are made when it is installed, of those of the machine. Maven comes from Maven Central. */
async function fillJava(folder: string): Promise<void> {
  const machine = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const home = join(folder, 'usr/lib/jvm', `java-17-openjdk-${machine}`);
  rmSync(join(home, 'jmods'), { recursive: true, force: true });
  rmSync(join(home, 'lib/src.zip'), { force: true });
  mkdirSync(join(folder, 'usr/local/bin'), { recursive: true });
  symlinkSync(`/usr/lib/jvm/java-17-openjdk-${machine}`, join(folder, 'usr/local/java'));
  for (const name of ['java', 'javac', 'jar'])
    symlinkSync(`/usr/local/java/bin/${name}`, join(folder, 'usr/local/bin', name));
  writeFileSync(join(folder, 'Trust.java'), TRUST);
  const version = '3.9.9';
  const archive = join(folder, 'maven.tar.gz');
  await execa('curl', [
    '--fail',
    '--silent',
    '--show-error',
    '--location',
    '--retry',
    '3',
    '--output',
    archive,
    `https://repo.maven.apache.org/maven2/org/apache/maven/apache-maven/${version}/apache-maven-${version}-bin.tar.gz`,
  ]);
  mkdirSync(join(folder, 'usr/local/maven'), { recursive: true });
  await execa('tar', ['-xzf', archive, '--strip-components=1', '-C', join(folder, 'usr/local/maven')]);
  rmSync(archive);
  symlinkSync('/usr/local/maven/bin/mvn', join(folder, 'usr/local/bin/mvn'));
}

/** Makes the images that aren't in buildah's storage yet. `env` is buildah's. */
export async function makeBaseImages(
  names: readonly (keyof typeof BASES)[],
  env: Readonly<Record<string, string>>,
  onProgress: (line: string) => void = () => {},
): Promise<void> {
  await withLock('base-images', async () => {
    for (const name of names) await makeBase(name, BASES[name], env, onProgress);
  });
}

async function makeBase(
  name: string,
  base: Base,
  env: Readonly<Record<string, string>>,
  onProgress: (line: string) => void,
): Promise<void> {
  const key = createHash('sha256').update(
    JSON.stringify([base.names, base.packages, base.version, COMMON, base.run]),
  );
  const tag = `localhost/base/${name}:${key.digest('hex').slice(0, 12)}`;
  if ((await execa('buildah', ['inspect', '--type', 'image', tag], { env, reject: false })).exitCode === 0)
    return;
  onProgress(`making the base image of ${name}`);
  const folder = mkdtempSync(join(cacheRoot(), '.base-'));
  try {
    await fillCommon(folder, base.packages, onProgress);
    await base.fill?.(folder);
    writeFileSync(join(folder, '..', `${folder.split('/').at(-1)}.Dockerfile`), dockerfileOf(base));
    const tags = [tag, ...base.names].flatMap((one) => ['--tag', one]);
    await execa(
      'buildah',
      [
        'build',
        '--timestamp',
        '315532801',
        '--identity-label=false',
        ...tags,
        '--file',
        `${folder}.Dockerfile`,
        folder,
      ],
      { env },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(`${folder}.Dockerfile`, { force: true });
  }
}

const dockerfileOf = ({ env = {}, run, user }: Base): string =>
  [
    'FROM scratch',
    'COPY . /',
    'ENV PATH=/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin',
    ...Object.entries(env).map(([key, value]) => `ENV ${key}=${value}`),
    ...(run ? [`RUN ${run}`] : []),
    ...(user ? [`USER ${user}`] : []),
  ].join('\n');

/** A shell and its programs, libraries, certificates, users. */
async function fillCommon(
  folder: string,
  packages: readonly string[],
  onProgress: (line: string) => void,
): Promise<void> {
  const busybox = join(
    await fetchDebian(onProgress, undefined, { programs: ['busybox-static'], libraries: [] }),
    'bin/busybox',
  );
  if (packages.length > 0) {
    const wanted: DebianPackages = { programs: packages, libraries: [] };
    const from = await fetchDebian(onProgress, undefined, wanted);
    for (const part of [
      'etc',
      'lib',
      'lib64',
      'usr/bin',
      'usr/sbin',
      'usr/lib',
      'usr/share/python-wheels',
      'usr/share/nginx',
      'usr/share/rubygems-integration',
      'usr/share/perl',
      'usr/share/php',
      'usr/share/zoneinfo',
      'usr/share/php8.2-common',
      'usr/share/php8.2-mbstring',
      'var/lib/gems',
    ]) {
      if (existsSync(join(from, part)))
        cpSync(join(from, part), join(folder, part), { recursive: true, verbatimSymlinks: true });
    }
  }
  mkdirSync(join(folder, 'bin'), { recursive: true });
  copyFileSync(busybox, join(folder, 'bin/busybox'));
  const { stdout } = await execa(busybox, ['--list']);
  for (const name of stdout.split('\n')) {
    const link = join(folder, 'bin', name);
    if (name !== 'busybox' && !existsSync(link)) symlinkSync('busybox', link);
  }
  // What scripts begin with: #!/usr/bin/env.
  mkdirSync(join(folder, 'usr/bin'), { recursive: true });
  symlinkSync('/bin/busybox', join(folder, 'usr/bin/env'));
  const file = (path: string, text: string | Buffer): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  file('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n');
  file('etc/group', 'root:x:0:\nnogroup:x:65534:\n');
  const certificates = '/etc/ssl/certs/ca-certificates.crt';
  if (existsSync(certificates)) file('etc/ssl/certs/ca-certificates.crt', readFileSync(certificates));
  mkdirSync(join(folder, 'tmp'), { recursive: true });
  chmodSync(join(folder, 'tmp'), 0o1777);
  mkdirSync(join(folder, 'root'), { recursive: true });
}
