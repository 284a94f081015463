import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { stringify } from 'yaml';
import { builtInFeatures } from '../../src/catalog/built-in-features.ts';
import { parseDocument } from '../../src/document/parse.ts';
import { type PlatformFile, readPlatform } from '../../src/model/platform.ts';
import { checkFile, checkSource } from '../../src/pipeline/check-file.ts';
import { assumedInputs } from '../../src/plan/assumed-inputs.ts';
import { checkGuardRails } from '../../src/plan/guard-rails.ts';
import { renderPlan } from '../../src/plan/render-plan.ts';
import { PaasError, type Problem } from '../../src/problems/problem.ts';
import { printProblems } from '../../src/terminal/print-problems.ts';
import { test } from '../support/app.ts';
import { generateFile, mutate } from '../support/generate.ts';
import { root } from '../support/paas.ts';
import { Random } from '../support/random.ts';

// Whatever a file holds: an answer within a second, and a place inside the file for all that is wrong.
// `npm test` tries a sample; `npm run test:long` all.

const count = process.env.PAAS_TEST_LONG ? 20_000 : 2_000;
/** Of processor time: what the clock says depends on what else the machine does. */
const second = 1_000;

const real = globSync(['test/problems/*/paas.yaml', 'test/model/overlays/*/paas.yaml', 'examples/*/*.yaml'], {
  cwd: root,
})
  .sort()
  .map((path) => readFileSync(join(root, path), 'utf8'));

const features = await builtInFeatures(root);

describe('any text has an answer', () => {
  test(`${count} generated files`, { timeout: 600_000 }, () => {
    let rendered = 0;
    for (let seed = 1; seed <= count; seed++) {
      const random = new Random(seed);
      const text = stringify(generateFile(random, random.pick([0, 0.02, 0.1, 0.4])), {
        aliasDuplicateObjects: false,
      });
      rendered += tryOut(text, `generated ${seed}`);
    }
    expect(rendered).toBeGreaterThan(0);
  });

  test(`${count} real files, mutated`, { timeout: 600_000 }, () => {
    let rendered = 0;
    for (let seed = 1; seed <= count; seed++) {
      const random = new Random(seed);
      rendered += tryOut(mutate(random.pick(real), random), `mutated ${seed}`);
    }
    expect(rendered).toBeGreaterThan(0);
  });

  test(`${count / 2} platform files, mutated, and generated apps under them`, { timeout: 600_000 }, () => {
    const text = readFileSync(join(root, 'examples/reference/platform.yaml'), 'utf8');
    let held = 0;
    for (let seed = 1; seed <= count / 2; seed++) {
      const random = new Random(seed);
      const source = { path: 'platform.yaml', text: mutate(text, random) };
      const { root: document, problems: broken } = parseDocument(source);
      const read = broken.length > 0 ? { file: undefined, problems: broken } : readPlatform(document, source);
      checkPlaces(read.problems);
      if (!read.file) continue;
      const app = stringify(generateFile(random, random.pick([0, 0.02])), { aliasDuplicateObjects: false });
      held += tryOut(app, `under a platform ${seed}`, second, read.file);
    }
    expect(held).toBeGreaterThan(0);
  });

  test.for<[string, () => string]>([
    ['anchors of anchors', () => bomb(30, 10)],
    ['merge keys of merge keys', () => `app: shop\n${mergeBomb(40)}components: {web: {image: shop}}\n`],
    ['an anchor within itself', () => 'app: shop\ncomponents: &a {web: *a}\n'],
    ['a merge key of itself', () => 'app: shop\ncomponents: &a {<<: *a}\n'],
    ['brackets without end', () => '['.repeat(900_000)],
    ['maps without end', () => '{a: '.repeat(200_000)],
    ['lists in lists in lines', () => '- '.repeat(400_000)],
    [
      'keys in keys in lines',
      () => Array.from({ length: 1300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    ],
    ['question marks', () => '? '.repeat(300_000)],
    [
      '100,000 keys',
      () => `app: shop\ncomponents: {web: {image: shop}}\n${lines(60_000, (n) => `k${n}: 1`)}`,
    ],
    ['100,000 keys, all the same', () => lines(100_000, () => 'app: shop')],
    [
      '100,000 mistakes',
      () =>
        `app: shop\ncomponents:\n  web:\n    image: shop\n    env:\n${lines(60_000, (n) => `      ${n}: [1]`)}`,
    ],
    [
      '100,000 components without an image',
      () => `app: shop\ncomponents:\n${lines(60_000, (n) => `  c${n}: {}`)}`,
    ],
    [
      '100,000 aliases',
      () => `app: shop\nx-a: &a 1\nx-b: [${'*a, '.repeat(150_000)}1]\ncomponents: {web: {image: shop}}\n`,
    ],
    ['100,000 anchors', () => `x-b:\n${lines(60_000, (n) => `  - &a${n} 1`)}`],
    ['one very long line', () => `app: ${'x'.repeat(900_000)}`],
    ['one very long key', () => `${'x'.repeat(900_000)}: 1`],
    ['a very long quote', () => `app: "${'\\u0041'.repeat(150_000)}"`],
    ['a quote that is not closed', () => `app: "${"'".repeat(900_000)}`],
    ['only colons', () => ':'.repeat(900_000)],
    ['only commas', () => `[${','.repeat(900_000)}]`],
    ['only hashes', () => ' #'.repeat(450_000)],
    ['only tabs', () => '\t'.repeat(900_000)],
    ['many documents', () => '---\n'.repeat(200_000)],
    ['many errors', () => 'a: b: c\n'.repeat(100_000)],
    [
      'a long list of words',
      () => `app: shop\ncomponents: {web: {image: shop, command: "${'\\"a '.repeat(100_000)}"}}`,
    ],
    ['an image without end', () => `app: shop\ncomponents: {web: {image: "${'a-'.repeat(100_000)}"}}`],
    [
      'a duration without end',
      () =>
        `app: shop\ncomponents: {web: {image: a, port: 1, health: {http: /, timeout: "${'1m'.repeat(100_000)}!"}}}`,
    ],
    [
      'a cron expression without end',
      () => `app: shop\ncomponents: {web: {image: a, schedule: "${'1,'.repeat(100_000)} * * * *"}}`,
    ],
    [
      'a host without end',
      () => `app: shop\ncomponents: {web: {image: a, port: 1, routes: ["${'a.'.repeat(100_000)}"]}}`,
    ],
    [
      'many environments',
      () =>
        `app: shop\ncomponents: {web: {image: shop}}\nenvironments:\n${lines(20_000, (n) => `  e${n}: {}`)}`,
    ],
    // What is read is at most 300 kB. Of processor time twice a second: other tests run at the same time.
    // Each environment is the whole file again.
    [
      '2000 components in 100 environments',
      () =>
        `app: shop\n${components(2000, () => full)}environments:\n${lines(100, (n) => `  e${n}: {components: {c0: {instances: ${n}}}}`)}`,
    ],
    [
      '2000 components without an image in 100 environments',
      () =>
        `app: shop\n${components(2000, () => '{port: 80}')}environments:\n${lines(100, (n) => `  e${n}:`)}`,
    ],
    [
      'one anchor in 1500 components in 100 environments',
      () =>
        `app: shop\nx-a: &a ${full}\n${components(1500, () => '*a')}environments:\n${lines(100, (n) => `  e${n}: {components: {c0: {instances: ${n}}}}`)}`,
    ],
    [
      'the same route in 2000 components in 100 environments',
      () =>
        `app: shop\n${components(2000, () => '{image: a, port: 1, routes: [a.b/c, a.b/c]}')}environments:\n${lines(100, (n) => `  e${n}:`)}`,
    ],
    [
      'mistakes in 100 environments',
      () =>
        `app: shop\ncomponents: {web: {image: a}}\nenvironments:\n${lines(100, (n) => `  e${n}: {components: {${many(100, (i) => `w${i}: {image: a, port: x}`)}}}`)}`,
    ],
    [
      'a long list of names that are not there',
      () => `app: shop\n${components(2, (i) => `{image: a, uses: [${many(20_000, (n) => `x${n}${i}`)}]}`)}`,
    ],
    [
      'names that are not there in 1000 components',
      () =>
        `app: shop\n${components(1000, (i) => `{image: a, uses: [${many(35, (n) => `d${(n * 7 + i) % 1000}`)}]}`)}`,
    ],
    [
      'time zones that are not there',
      () =>
        `app: shop\n${components(2000, (i) => `{image: a, schedule: "0 0 * * *", time_zone: Europe/Berln${i}}`)}`,
    ],
    [
      'one list of maps',
      () =>
        `app: shop\ncomponents: {web: {image: a, port: 1, routes: [${many(20_000, () => '{host: a}')}]}}\n`,
    ],
  ])('%s', ([name, make]) => {
    tryOut(upTo(300_000, make()), name, 2 * second);
  });

  test('files of 10 MB, binary and broken UTF-8', async ({ makeFolder: make }) => {
    const cwd = make();
    const random = new Random(1);
    const bytes = (length: number) => Buffer.from(Array.from({ length }, () => random.below(256)));
    const files = [
      Buffer.alloc(10_000_000, 'a: 1\n'),
      Buffer.alloc(0),
      Buffer.from([0xff, 0xfe, 0x61, 0x00]),
    ];
    for (let index = 0; index < 50; index++) files.push(bytes(random.below(2_000)));
    for (let index = 0; index < 50; index++) {
      const text = Buffer.from(random.pick(real));
      text[random.below(text.length || 1)] = random.below(256);
      files.push(text);
    }
    for (const file of files) {
      writeFileSync(join(cwd, 'paas.yaml'), file);
      const begun = cpuTime();
      try {
        check(await checkFile({ file: 'paas.yaml', env: undefined, cwd }));
      } catch (error) {
        if (!(error instanceof PaasError)) throw error;
      }
      expect(cpuTime() - begun).toBeLessThan(second);
    }
  });
});

/** Milliseconds of this thread: those of the garbage collector's and the compiler's depend on who else is at work. */
function cpuTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** 1 when the text became manifests. */
function tryOut(text: string, name: string, limit = second, platform?: PlatformFile): number {
  try {
    const begun = cpuTime();
    const found = checkSource({ path: 'paas.yaml', text }, undefined, platform);
    check(found);
    const time = cpuTime() - begun;
    if (time > limit) throw new Error(`took ${Math.round(time)} ms`);
    if (found.problems.length + found.notYet.length > 0) return 0;
    for (const { app } of found.apps) {
      const plan = renderPlan(app, features, { ...assumedInputs(app).inputs, files: {} });
      expect(plan.phases.length).toBeGreaterThan(0);
      const places = { ofComponent: () => undefined, ofRule: () => undefined };
      if (platform) checkGuardRails(plan, platform.platform.guard_rails, places);
    }
    return 1;
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}\n${text.slice(0, 1000)}`, { cause: error });
  }
}

function check({ problems, notYet, apps }: ReturnType<typeof checkSource>): void {
  const all: readonly Problem[] = [...problems, ...notYet];
  if (all.length === 0) expect(apps.length).toBeGreaterThan(0);
  checkPlaces(all);
  expect(all.length).toBeLessThanOrEqual(500);
  printProblems(all, { write: () => undefined });
}

function checkPlaces(all: readonly Problem[]): void {
  for (const problem of all) {
    const { at } = problem;
    if (!at) throw new Error(`${problem.code} has no place`);
    if (!(at.start >= 0 && at.start <= at.end && at.end <= at.source.text.length)) {
      throw new Error(`${problem.code} is at ${at.start} to ${at.end} of ${at.source.text.length}`);
    }
  }
}

function bomb(depth: number, width: number): string {
  const line = (n: number): string =>
    `x-${n}: &a${n} [${Array(width)
      .fill(n === 0 ? 'lol' : `*a${n - 1}`)
      .join(', ')}]`;
  return `${lines(depth, line)}app: shop\ncomponents: {web: {image: shop}}\n`;
}

function mergeBomb(depth: number): string {
  return lines(depth, (n) => `x-${n}: &m${n} {k${n}: 1${n > 0 ? `, <<: [*m${n - 1}, *m${n - 1}]` : ''}}`);
}

/** As much of a text as a file may have, cut where a line ends: half a line is a mistake of its own. */
function upTo(length: number, text: string): string {
  if (text.length <= length) return text;
  const end = text.lastIndexOf('\n', length);
  return text.slice(0, end > 0 ? end + 1 : length);
}

const full =
  '{image: a, port: 1, env: {A: 1, B: 2, C: 3}, resources: {cpu: 1, memory: 1Gi}, health: {http: /}, uses: [c1, c2]}';

function components(count: number, of: (n: number) => string): string {
  return `components:\n${lines(count, (n) => `  c${n}: ${of(n)}`)}`;
}

function many(count: number, of: (n: number) => string): string {
  return Array.from({ length: count }, (_, n) => of(n)).join(', ');
}

function lines(count: number, line: (n: number) => string): string {
  return Array.from({ length: count }, (_, n) => `${line(n)}\n`).join('');
}
