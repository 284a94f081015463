import { expect, test } from 'vitest';
import { restoreEvidence, storeEvidence } from '../../src/releases/evidence.ts';
import { printProblems } from '../../src/terminal/print-problems.ts';

const text = 'app: shop\ncomponents:\n  web:\n    image: shop:1.4\n';
const start = text.indexOf('image');
const problem = {
  code: 'crash',
  kind: 'failed',
  message: 'web: The program ended.',
  at: { source: { path: 'paas.yaml', text }, start, end: start + 'image'.length },
  details: ['one', 'two'],
  hint: 'Look.',
} as const;

const drawn = (problems: Parameters<typeof printProblems>[0]): string => {
  let said = '';
  printProblems(problems, { write: (words) => (said += words) });
  return said;
};

test('is drawn later as it was then, without the file', () => {
  const stored = JSON.parse(JSON.stringify(storeEvidence([problem])));
  expect(JSON.stringify(stored)).not.toContain('app: shop');
  expect(drawn(restoreEvidence(stored))).toBe(drawn([problem]));
  expect(drawn(restoreEvidence(stored))).toContain('4 |     image: shop:1.4');
});

test('stays small, whatever a program wrote', () => {
  const long = { ...problem, details: Array.from({ length: 500 }, () => 'x'.repeat(100_000)) };
  expect(JSON.stringify(storeEvidence(Array.from({ length: 100 }, () => long))).length).toBeLessThan(120_000);
  expect(storeEvidence([long])[0]?.details).toHaveLength(20);
});
