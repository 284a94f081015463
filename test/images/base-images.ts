import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
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
    names: ['docker.io/library/golang:1.26', 'docker.io/library/golang:1'],
    packages: [],
    env: { GOTOOLCHAIN: 'local', GOCACHE: '/go-cache' },
    version: 2,
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
      // The standard library, compiled once per machine and not once per build.
      await execa('go', ['build', '-trimpath', 'net/http'], {
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
} satisfies Record<string, Base>;

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
  const key = createHash('sha256').update(JSON.stringify([base.names, base.packages, base.version, COMMON]));
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

const dockerfileOf = ({ env = {}, user }: Base): string =>
  [
    'FROM scratch',
    'COPY . /',
    'ENV PATH=/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin',
    ...Object.entries(env).map(([key, value]) => `ENV ${key}=${value}`),
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
