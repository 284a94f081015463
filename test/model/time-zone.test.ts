import { expect, test } from 'vitest';
import { LiteralError } from '../../src/model/literal-error.ts';
import { parseTimeZone } from '../../src/model/time-zone.ts';

const meantOf = (text: string): string | undefined => {
  try {
    return parseTimeZone(text);
  } catch (error) {
    if (!(error instanceof LiteralError)) throw error;
    return `${error.meant}, not ${text}`;
  }
};

test('every zone that is listed is taken as it is', () => {
  for (const zone of Intl.supportedValuesOf('timeZone')) expect(parseTimeZone(zone)).toBe(zone);
});

// Names beside those that are listed. Source: the file backward of the time zone database.
test.for([
  'Asia/Kolkata',
  'Asia/Calcutta',
  'Asia/Ho_Chi_Minh',
  'Europe/Kyiv',
  'Europe/Kiev',
  'US/Eastern',
  'Etc/GMT+5',
  'Etc/UTC',
  'Etc/Zulu',
  'America/Argentina/ComodRivadavia',
  'America/Port-au-Prince',
  'Africa/Dar_es_Salaam',
  'Australia/ACT',
  'Antarctica/DumontDUrville',
  'Antarctica/McMurdo',
  'UTC',
])('another name is taken too: %s', (zone) => {
  expect(parseTimeZone(zone)).toBe(zone);
});

test.for([
  ['America/New_york', 'America/New_York'],
  ['america/new_york', 'America/New_York'],
  ['Asia/kolkata', 'Asia/Kolkata'],
  ['Asia/KOLKATA', 'Asia/Kolkata'],
  ['US/eastern', 'US/Eastern'],
  ['Etc/gmt+5', 'Etc/GMT+5'],
  ['America/Port_Of_Spain', 'America/Port_of_Spain'],
] as const)('%s differs in case, and is refused with the right spelling: %s', ([text, right]) => {
  expect(meantOf(text)).toBe(`${right}, not ${text}`);
});
