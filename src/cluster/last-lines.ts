/**
 * The lines of a text's end: at most so many bytes, and whole ones, unless the last alone is longer than that; then it
 * is the end of this one.
 */
export function lastLines(text: Buffer, most: number): string[] {
  return wholeLines(text, most)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

function wholeLines(text: Buffer, most: number): Buffer {
  if (text.length <= most) return text;
  const from = text.length - most;
  const next = text.indexOf(newline, from - 1) + 1;
  // The last line's end is none of a line before it.
  if (next > 0 && next < text.length) return text.subarray(next);
  let start = from;
  while (isInCharacter(text[start])) start++;
  return text.subarray(start);
}

const newline = 0x0a;

/** Whether a byte is a later one of a character. Source: RFC 3629. */
const isInCharacter = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;
