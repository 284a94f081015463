import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { test } from '../support/app.ts';
import { image, kubectl, small } from '../support/cluster.ts';
import { root } from '../support/paas.ts';

const read = (name: string): string => readFileSync(join(root, 'examples/ci', name), 'utf8');

/** The lines that each CI system runs in a shell, as they stand in its file. */
function scripts(): Record<string, string[]> {
  const github = parse(read('github-actions.yml')).jobs.deploy.steps as { run?: string }[];
  const gitlab = parse(read('gitlab-ci.yml'));
  return {
    'GitHub Actions': github.flatMap(({ run }) => (run ? [run] : [])),
    'GitLab CI': [...gitlab.default.before_script, ...gitlab.validate.script, ...gitlab.deploy.script],
    Jenkins: [...read('Jenkinsfile').matchAll(/^\s*sh '(.*)'$/gm)].map(([, line]) => line!),
  };
}

// It installs the program with all that it needs.
test('the examples for CI systems run as they are, with the packed program installed', {
  timeout: 900_000,
}, async ({ makeApp, makeFolder, onTestFinished }) => {
  const prefix = makeFolder();
  const bin = `${join(process.execPath, '..')}:${process.env.PATH}`;
  // Without its script, which would make dist/ anew below other tests.
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', prefix];
  const { stdout } = await execa('npm', pack, { cwd: root, env: { PATH: bin } });
  const packed = join(prefix, JSON.parse(stdout)[0].filename);

  const { name, folder, write } = makeApp('');
  onTestFinished(async () => {
    await kubectl('delete', 'namespace', `${name}-production`, '--ignore-not-found', '--wait=false');
  });
  write(`
components:
  web:
    image: registry.invalid/nothing:here
    port: 8080
    resources: ${small}
environments: {production: {protected: true}}
`);
  const text = await kubectl('config', 'view', '--raw', '--minify', '--flatten');
  const kubeconfig = join(prefix, 'kubeconfig');
  writeFileSync(kubeconfig, text, { mode: 0o600 });

  let release = 0;
  for (const [system, lines] of Object.entries(scripts())) {
    expect(lines.map((line) => line.split(' ', 2).join(' '))).toEqual(
      expect.arrayContaining(['npm install', 'paas validate']),
    );
    const install = /^npm install --global paas$/m;
    const script = lines.join('\n');
    expect(script).toMatch(install);
    release++;
    // The same line in each of them: once is enough.
    const installing = release === 1 ? `npm install --global --no-audit --no-fund ${packed}` : ':';
    const run = await execa('bash', ['-euo', 'pipefail', '-c', script.replace(install, installing)], {
      cwd: folder,
      reject: false,
      all: true,
      env: {
        CI: 'true',
        PATH: `${join(prefix, 'bin')}:${bin}`,
        NPM_CONFIG_PREFIX: prefix,
        KUBECONFIG: kubeconfig,
        KUBECONFIG_TEXT: text,
        PAAS_ENV: 'production',
        IMAGE: image(release % 2 ? 'faulty:1.0' : 'faulty:shell'),
      },
    });
    expect([system, run.exitCode, run.all]).toEqual([
      system,
      0,
      expect.stringMatching(new RegExp(`Release ${release} is live[^]*release ${release} succeeded`)),
    ]);
  }
});
