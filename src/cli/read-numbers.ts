import { fail } from '../problems/problem.ts';
import { badUsage } from '../problems/usage.ts';

/** Components that a person can want, at most so many instances of: more is a typing error. */
const most = 10_000;

/** `web=5 worker=2`, or with `reset` names alone. Throws a PaasError where it is something else. */
export function readNumbers(words: readonly string[], reset: boolean): Map<string, number | 'file'> {
  const numbers = new Map<string, number | 'file'>();
  for (const word of words) {
    const [, component, number] = /^([^=]+)(?:=(.*))?$/.exec(word) ?? [];
    if (component === undefined) fail(badUsage(`${word} is not COMPONENT=NUMBER.`));
    if (numbers.has(component)) fail(badUsage(`${component} is there twice.`));
    if (reset) {
      if (number !== undefined) fail(badUsage(`With --reset no number is said: ${component}.`));
      numbers.set(component, 'file');
    } else if (number === undefined) {
      fail(badUsage(`How many instances of ${component}?`, `Such as: paas scale ${component}=3`));
    } else if (!/^\d+$/.test(number) || Number(number) > most) {
      fail(badUsage(`${number || 'Nothing'} is not a number of instances from 0 to ${most}: ${word}.`));
    } else {
      numbers.set(component, Number(number));
    }
  }
  if (numbers.size === 0 && !reset) {
    fail(badUsage('Which component, and how many instances?', 'Such as: paas scale web=3'));
  }
  return numbers;
}

/** `web worker`: components alone. Throws a PaasError where it is something else, or nothing. */
export function readNames(words: readonly string[]): string[] {
  for (const word of words) {
    if (word.includes('='))
      fail(
        badUsage(
          `With --units no number of instances is said: ${word}.`,
          `Such as: paas scale ${word} && paas scale ${word.split('=')[0]} --units 2`,
        ),
      );
  }
  const twice = words.find((word, index) => words.indexOf(word) !== index);
  if (twice !== undefined) fail(badUsage(`${twice} is there twice.`));
  if (words.length === 0) fail(badUsage('Units of which component?', 'Such as: paas scale web --units 2'));
  return [...words];
}
