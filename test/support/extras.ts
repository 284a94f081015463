import { beforeAll, beforeEach } from 'vitest';
import { bringExtras } from '../cluster/extras/bring.ts';
import { EXTRAS } from '../cluster/extras/catalog.ts';
import type { ExtraName } from '../cluster/extras/extra.ts';
import { kubectl } from './cluster.ts';

/** Building on a machine that never did takes its time; on every other one this is never reached. */
export const BUILD_MS = 60 * 60_000;

/**
 * Sees to it that the cluster has these extras before the tests of this file (or of this `describe`). Our own
 * cluster gets what it doesn't have; in somebody's it is only looked for, and the tests are skipped, with the
 * reason, where it isn't.
 */
export function withExtras(...names: readonly ExtraName[]): void {
  let absent: readonly ExtraName[] = [];
  beforeAll(async () => {
    absent = await bringOrFind(names);
    if (absent.length > 0) say(reason(absent));
  }, BUILD_MS);
  beforeEach(({ skip }) => skip(absent.length > 0, reason(absent)));
}

/** Brings what can be brought. Gives what is absent. */
async function bringOrFind(names: readonly ExtraName[]): Promise<ExtraName[]> {
  const own = process.env.PAAS_TEST_CLUSTER;
  if (own !== undefined) {
    await bringExtras(own, names, { onProgress: say });
    return [];
  }
  const found = await Promise.all(names.map(isThere));
  return names.filter((_, index) => !found[index]);
}

async function isThere(name: ExtraName): Promise<boolean> {
  const asked = EXTRAS[name].signs.map((path) => kubectl('get', '--raw', path));
  return (await Promise.allSettled(asked)).every(({ status }) => status === 'fulfilled');
}

function reason(absent: readonly ExtraName[]): string {
  return `the cluster has no ${absent.join(' and no ')}`;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
