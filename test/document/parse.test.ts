import { expect, test } from 'vitest';
import { overlay } from '../../src/document/overlay.ts';
import { parseDocument } from '../../src/document/parse.ts';
import { toPlain, type Value, valueAt } from '../../src/document/value.ts';

function parse(text: string): Value {
  const { root, problems } = parseDocument({ path: 'paas.yaml', text });
  expect(problems).toEqual([]);
  return root!;
}

const problemsOf = (text: string) =>
  parseDocument({ path: 'paas.yaml', text }).problems.map(({ code, at }) => [code, at?.start, at?.end]);

test('a scalar keeps what the person wrote', () => {
  const root = parse('a: 1.10\nb: 007\nc: "1.10"\nd: yes\ne: ~\n');
  const texts = ['a', 'b', 'c', 'd', 'e']
    .map((key) => valueAt(root, [key]))
    .map((value) => value?.kind === 'scalar' && value.text);
  expect(texts).toEqual(['1.10', '007', '1.10', 'yes', '~']);
});

test('every value and key knows its place', () => {
  const root = parse('web:\n  port: 80\n');
  expect(valueAt(root, ['web', 'port'])?.at).toMatchObject({ start: 13, end: 15 });
});

test('aliases and merge keys: what is written beside them wins', () => {
  const root = parse('x-base: &base {a: 1, b: 2}\nc: {<<: *base, b: 3}\nd: *base\n');
  expect(toPlain(root)).toEqual({ 'x-base': { a: 1, b: 2 }, c: { a: 1, b: 3 }, d: { a: 1, b: 2 } });
});

test.each([
  ['a key that stands twice', 'a: 1\nb: 2\na: 3\n', [['duplicate-key', 10, 11]]],
  ['a bracket too many', 'a: [1, 2]]\n', [['yaml-syntax', 9, 10]]],
])('%s is a problem with its place', (_, text, expected) => {
  expect(problemsOf(text)).toEqual(expected);
});

test.each([
  [
    'aliases of aliases',
    `${'abcdefgh'
      .split('')
      .map(
        (name, i) =>
          `x${name}: &${name} [${Array(10)
            .fill(i ? `*${'abcdefgh'[i - 1]}` : 1)
            .join(',')}]`,
      )
      .join('\n')}\n`,
  ],
  ['an anchor that contains itself', 'a: &a [*a]\n'],
  ['brackets without end', '['.repeat(100_000)],
  ['maps without end', Array.from({ length: 5000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
])('%s end in a problem, not in a crash or a hang', (_, text) => {
  // Of processor time: what the clock says depends on what else the machine does.
  const begun = process.threadCpuUsage();
  expect(problemsOf(text).length).toBeGreaterThan(0);
  const { user, system } = process.threadCpuUsage(begun);
  expect((user + system) / 1000).toBeLessThan(2000);
});

test('overlay: maps merge, scalars and lists replace, null removes, one of a group clears the others', () => {
  const base = parse('a: {b: 1, c: [1, 2], d: 4, http: /x}\n');
  const over = parse('a: {b: 2, c: [3], d: ~, tcp: 80, new: {e: 1, f: ~}}\n');
  const exclusive = () => [['http', 'tcp']];
  expect(toPlain(overlay(base, over, exclusive))).toEqual({ a: { b: 2, c: [3], tcp: 80, new: { e: 1 } } });
});
