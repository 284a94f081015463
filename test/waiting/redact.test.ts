import { expect, test } from 'vitest';
import { redacting } from '../../src/waiting/redact.ts';

const secret = 's3cr3t/Value+1"x';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

test.each([
  ['as it is', `token=${secret};`],
  ['in JSON', JSON.stringify({ token: secret })],
  ['in an address', `https://x/?t=${encodeURIComponent(secret)}`],
  ['in base64', base64(secret)],
  ['in base64 for addresses', Buffer.from(secret).toString('base64url')],
  ['behind one byte', base64(`u${secret}`)],
  ['behind two', base64(`u:${secret}`)],
  ['behind a name', `Basic ${base64(`user:${secret}`)}`],
  ['before something', base64(`${secret}:more`)],
])('a value is found %s', (_, text) => {
  const shown = redacting([secret])(text);
  expect(shown).toContain('(hidden)');
  // No more than the ends of a base64 text is left of it.
  const left = shown.replaceAll('(hidden)', ' ').split(/\s/);
  for (const part of left) {
    expect(Buffer.from(part, 'base64').toString('latin1')).not.toMatch(/3cr3t|Valu/);
  }
});

test('each line of a value of several is found; a line of a key is not', () => {
  const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\nab\n-----END KEY-----\n';
  expect(redacting([key])('read MIIEvQIBADANBg and ab')).toBe('read (hidden) and ab');
});

test('a value of less than four characters is left alone: it stands in every text', () => {
  expect(redacting(['abc', ''])('abcabc')).toBe('abcabc');
  expect(redacting([])('nothing')).toBe('nothing');
});

test('a value that contains another is hidden whole', () => {
  expect(redacting(['pass', 'password1'])('password1')).toBe('(hidden)');
});
