import { describe, expect } from 'vitest';
import { versionsOf } from '../support/answer.ts';
import { test } from '../support/app.ts';
import { image, small } from '../support/cluster.ts';

const hello = (tag: string): string =>
  `components: {web: {image: "${image(`hello:${tag}`)}", resources: ${small}, port: 8080}}\n`;

describe.concurrent('paas lock', () => {
  test('nothing changes until it is unlocked: exit code 6, with who, when and why', async ({ makeApp }) => {
    const app = makeApp(hello('1.0'));
    const early = await app.paas(['lock', '-m', 'too early']);
    expect([early.code, early.all]).toEqual([8, expect.stringContaining('[no-release]')]);
    await app.paas(['deploy']);
    const locked = await app.paas(['lock', '-m', 'moving the database']);
    expect([locked.code, locked.all]).toEqual([0, expect.stringContaining('default is locked')]);

    app.write(hello('1.1'));
    const before = await versionsOf(app.namespace);
    for (const command of [
      ['deploy'],
      ['rollback', '1'],
      ['scale', 'web=2'],
      ['restart'],
      ['delete', '--yes'],
      ['lock', '-m', 'me too'],
    ]) {
      const run = await app.paas(command);
      expect([command, run.code]).toEqual([command, 6]);
      expect(run.all).toMatch(/\S+@\S+ has locked default since 20\S+Z: moving the database \[frozen\]/);
    }
    expect(await versionsOf(app.namespace)).toEqual(before);
    expect((await app.paas(['status'])).stdout).toMatch(/locked by \S+ since \S+: moving the database/);
    expect((await app.paas(['releases'])).stdout).toMatch(/locked by \S+ since \S+: moving the database/);

    const unlocked = await app.paas(['unlock']);
    expect(unlocked.all).toContain('had locked it since');
    expect(unlocked.code).toBe(0);
    expect((await app.paas(['unlock'])).all).toContain('was not locked');
    expect((await app.paas(['deploy'])).all).toContain('Release 2 is live');
  });

  test('one that was deleted and made again is not locked', async ({ makeApp }) => {
    const app = makeApp(hello('1.0'));
    await app.paas(['deploy']);
    await app.paas(['scale', 'web=2']);
    expect((await app.paas(['delete', '--yes'])).code).toBe(0);
    const run = await app.paas(['deploy']);
    expect(run.all).toContain('Release 1 is live');
    expect(run.all).not.toContain('by paas scale');
  });
});
