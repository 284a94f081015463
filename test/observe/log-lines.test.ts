import { expect, test } from 'vitest';
import { linesOf, type TimedLine } from '../../src/observe/log-lines.ts';

async function linesIn(...chunks: readonly (string | Uint8Array)[]): Promise<TimedLine[]> {
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
  };
  return Array.fromAsync(linesOf(bytes()));
}

const time = '2026-11-22T10:00:00.000000001Z';

test('only a line feed ends a line', async () => {
  const text = '10%\rDownloading 20%\rDownloading 30%';
  expect(await linesIn(`${time} ${text}\n${time} a\u2028b\u2029c\u0085d\n`)).toEqual([
    { time, line: text },
    { time, line: 'a\u2028b\u2029c\u0085d' },
  ]);
  expect(await linesIn(`${time} windows\r\n`)).toEqual([{ time, line: 'windows' }]);
});

test('lines and characters may be cut between chunks anywhere', async () => {
  const bytes = new TextEncoder().encode(`${time} größer €\n${time} \ufeff𝄞\n`);
  const chunks = [...bytes].map((byte) => Uint8Array.of(byte));
  expect(await linesIn(...chunks)).toEqual([
    { time, line: 'größer €' },
    { time, line: '\ufeff𝄞' },
  ]);
});

test('an empty line, and one that has not ended', async () => {
  expect(await linesIn(`${time} \n${time} `, 'half')).toEqual([
    { time, line: '' },
    { time, line: 'half' },
  ]);
  expect(await linesIn()).toEqual([]);
});

test('what has no time of its own has that of the line before it, and is shown as it is', async () => {
  expect(await linesIn(`failed to watch\n${time} a\nb c\n`)).toEqual([
    { time: '', line: 'failed to watch' },
    { time, line: 'a' },
    { time, line: 'b c' },
  ]);
});
