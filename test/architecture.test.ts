import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { test } from './support/app.ts';
import { root } from './support/paas.ts';
import { type Room, violations } from './support/rooms.ts';

test('every room imports only what it may, and no file is part of a cycle', () => {
  expect(violations(join(root, 'src'))).toEqual([]);
});

const map: Record<string, Room> = {
  low: { rooms: [], packages: [], pure: true },
  high: { rooms: ['low'], packages: ['yaml'] },
};

test.for([
  ['a room below one above', 'low/a.ts', "import { b } from '../high/b.ts';", 'low/a.ts: imports high/b.ts'],
  [
    'a type of a room above',
    'low/a.ts',
    "import type { B } from '../high/b.ts';",
    'low/a.ts: imports high/b.ts',
  ],
  [
    'a room above when it is loaded late',
    'low/a.ts',
    "export const a = () => import('../high/b.ts');",
    'low/a.ts: imports high/b.ts',
  ],
  [
    'a package that it may not',
    'low/a.ts',
    "import { parse } from 'yaml';",
    'low/a.ts: imports the package yaml',
  ],
  [
    'the clock in a pure room',
    'low/a.ts',
    'export const now = Date.now();',
    'low/a.ts: is not pure: Date.now(',
  ],
  ['the process', 'high/b.ts', 'export const env = process.env;', 'high/b.ts: reads process'],
  ['a folder that is no room', 'utils/a.ts', "import '../low/a.ts';", 'utils/a.ts: utils is not a room'],
])('the test sees %s', ([_, file, code, expected], { makeFolder }) => {
  const folder = makeFolder();
  for (const [path, text] of [
    ['low/a.ts', ''],
    ['high/b.ts', ''],
    [file!, code!],
  ] as const) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  expect(violations(folder, map)).toEqual([expected]);
});

test('the test sees a cycle', ({ makeFolder }) => {
  const folder = makeFolder();
  mkdirSync(join(folder, 'low'));
  writeFileSync(join(folder, 'low/a.ts'), "import { b } from './b.ts';");
  writeFileSync(join(folder, 'low/b.ts'), "import { a } from './a.ts';");
  expect(violations(folder, map)).toEqual(['low/a.ts > low/b.ts > low/a.ts: a cycle']);
});
