import { describe, expect } from 'vitest';
import { ask } from '../support/answer.ts';
import { test } from '../support/app.ts';
import { registry } from '../support/cluster.ts';
import { copyProject, edit, imagesOf, outcomeOf, portOf, withBuildah } from '../support/source-app.ts';

// For each language a small project of test/e2e/projects that nobody prepared and that has no Dockerfile: init, deploy,
// and the app answers.

interface Case {
  readonly project: string;
  readonly says: RegExp;
  /** A source file, and what is changed in it. */
  readonly change: readonly [file: string, from: string, to: string];
}

const cases: readonly Case[] = [
  { project: 'node', says: /^node says hello, 1m/, change: ['server.js', 'says hello', 'says bye'] },
  { project: 'python', says: /^python says hello/, change: ['app.py', 'says hello', 'says bye'] },
  { project: 'go', says: /^go says hello/, change: ['main.go', 'SAYS HELLO', 'SAYS BYE'] },
  { project: 'static', says: /static says hello/, change: ['index.html', 'says hello', 'says bye'] },
  { project: 'pages', says: /pages say hello/, change: ['build.js', 'say hello', 'say bye'] },
  { project: 'ruby', says: /^ruby says hello/, change: ['server.rb', 'says hello', 'says bye'] },
  { project: 'php', says: /^php says hello/, change: ['public/index.php', 'says hello', 'says bye'] },
  {
    project: 'java',
    says: /^java says hello/,
    change: ['src/main/java/example/Shop.java', 'says hello', 'says bye'],
  },
];

describe.runIf(registry !== '')('from a source without a Dockerfile to its answer', () => {
  const buildah = withBuildah('node', 'python', 'go', 'nginx', 'ruby', 'php', 'java');

  test.for(cases)('$project', async ({ project, says, change }, { makeApp }) => {
    const { env } = buildah;
    const app = makeApp('');
    copyProject(app, project);
    const init = await app.paas(['init', '--yes', '--name', app.name], { env });
    expect(init.code, init.all).toBe(0);
    const port = portOf(app);

    const first = await app.paas(['deploy', '--json'], { env });
    expect(first.code, first.all).toBe(0);
    expect(await ask(app.namespace, 'web', '/', port)).toMatch(says);
    const [built] = imagesOf(first);
    expect(built!.by).toBe('buildah');

    const again = await app.paas(['deploy', '--json'], { env });
    expect([again.code, outcomeOf(again)], again.all).toEqual([0, 'unchanged']);
    expect(imagesOf(again)).toMatchObject([{ image: built!.image, layers: { pushed: 0 }, bytes: 0 }]);

    edit(app, ...change);
    const changed = await app.paas(['deploy', '--json'], { env });
    expect([changed.code, outcomeOf(changed)], changed.all).toEqual([0, 'succeeded']);
    expect(imagesOf(changed)).toMatchObject([{ layers: { pushed: 1 } }]);
    expect(await ask(app.namespace, 'web', '/', port)).toMatch(/bye/);
  });
});
