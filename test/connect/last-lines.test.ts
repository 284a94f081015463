import { expect, test } from 'vitest';
import { lastLines } from '../../src/cluster/last-lines.ts';

test.for<[string, string, number, readonly string[]]>([
  ['all of a short one', 'one\n\ntwo\n', 100, ['one', 'two']],
  ['whole lines of a long one', 'one\ntwo\nthree\n', 9, ['three']],
  ['a line that just fits', 'one\ntwo\nthree\n', 10, ['two', 'three']],
  ['a last line that is longer than all', 'one\nlonger than all\n', 9, ['than all']],
  ['the same without its end', 'one\nlonger than all', 8, ['than all']],
  ['never a piece of a character', 'ääää', 3, ['ä']],
  ['nothing', '', 3, []],
])('%s', ([_, text, most, expected]) => {
  expect(lastLines(Buffer.from(text), most)).toEqual(expected);
});
