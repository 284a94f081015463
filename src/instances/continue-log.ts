/** Takes up a log where it was left, though each reading of it begins at its start. */
export interface LogContinuation {
  /** A reading begins. */
  readonly begin: () => void;
  /** What of the reading's next piece was not taken before. */
  readonly take: (piece: Buffer) => Buffer;
  /**
   * The last reading has come to the log's end: whether something is missing in what was taken. A rotated log begins
   * anew: what is read isn't what was taken then.
   */
  readonly isTorn: () => boolean;
}

/** How much of the end of what was taken is remembered, to know it again: bytes. */
const remembered = 16_384;

/**
 * A reading that was not broken off goes through any rotation, and the one after it is short; that is all right as long
 * as it ends with the same words. Where a program says the same all the time, a gap may go unnoticed.
 */
export function continueLog(): LogContinuation {
  /** Bytes. */
  let taken = 0;
  let position = 0;
  /** The end of what was taken, and of what the reading has brought of it. */
  let end: Buffer = Buffer.alloc(0);
  let again: Buffer = Buffer.alloc(0);
  let torn = false;
  return {
    begin: () => {
      position = 0;
      again = Buffer.alloc(0);
    },
    take: (piece) => {
      const known = Math.min(piece.length, Math.max(0, taken - position));
      position += piece.length;
      if (known > 0) {
        again = endOf(again, piece.subarray(0, known));
        if (position >= taken && !endAlike(again, end)) torn = true;
      }
      const fresh = piece.subarray(known);
      if (fresh.length > 0) {
        taken = position;
        end = endOf(end, fresh);
      }
      return fresh;
    },
    isTorn: () => torn || (position < taken && !endAlike(again, end)),
  };
}

const endOf = (before: Buffer, piece: Buffer): Buffer =>
  Buffer.concat([before, piece.subarray(-remembered)]).subarray(-remembered);

/** Whether the shorter one is the end of the other. */
function endAlike(a: Buffer, b: Buffer): boolean {
  const length = Math.min(a.length, b.length);
  return a.subarray(a.length - length).equals(b.subarray(b.length - length));
}
