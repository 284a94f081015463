/**
 * Where in a log the reading stopped, so that it can be taken up again. A log only grows at its end, so a line is known
 * by its place, not by its time alone: several may bear the same, and later ones an earlier one.
 */
export interface LogCut {
  /** The latest time of all lines that were read: RFC 3339. */
  readonly time: string;
  /** How many were read from the first line of that time on. */
  readonly lines: number;
}

/** The cut after one more line, written at `time`. */
export function cutAfter(cut: LogCut | undefined, time: string): LogCut | undefined {
  if (time === '') return cut;
  if (!cut || compareTimes(time, cut.time) > 0) return { time, lines: 1 };
  return { time: cut.time, lines: cut.lines + 1 };
}

/** Of a log that is read again from before the cut: whether each line, given by its time in order, is beyond it. */
export function beyondCut(cut: LogCut | undefined): (time: string) => boolean {
  if (!cut) return () => true;
  let left = cut.lines;
  let found = false;
  return (time) => {
    if (left === 0) return true;
    if (!found) {
      const order = compareTimes(time, cut.time);
      // Where that line isn't there any more, as in a log that was rotated, all that is later is new.
      if (order > 0) left = 0;
      if (order !== 0) return order > 0;
      found = true;
    }
    left--;
    return false;
  };
}

/** Orders two times of RFC 3339, of any zone, to the nanosecond. What is no time is earlier than all. */
export function compareTimes(one: string, other: string): number {
  const [a, b] = [instantOf(one), instantOf(other)];
  return a[0] - b[0] || a[1] - b[1];
}

/** Milliseconds up to the second, and the nanoseconds of that second. */
function instantOf(time: string): readonly [number, number] {
  const [, second, fraction = '', zone] = /^(.{19})(?:\.(\d+))?(.+)$/.exec(time) ?? [];
  return second === undefined
    ? [0, 0]
    : [Date.parse(`${second}${zone}`), Number(fraction.padEnd(9, '0').slice(0, 9))];
}
