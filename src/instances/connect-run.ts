import { setTimeout as sleep } from 'node:timers/promises';
import { isStatus } from '../cluster/api-error.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { streamLog } from '../cluster/logs.ts';
import { attachTo, type Container, type Streams } from '../cluster/program.ts';
import { connectionBroken } from '../problems/instances.ts';
import { PaasError } from '../problems/problem.ts';
import { copyLog } from './copy-log.ts';

/** How long the last words of a program may take after it has ended, in milliseconds. */
const lastWords = 5_000;
/** How long a connection to a program that just began is tried for, and how long what both ways bring is put together. */
const attempts = 20;
const pause = 250;
const settle = 200;

/**
 * Connects our streams with the program of a container that runs, or has run. Without a terminal what it writes is
 * its log, each byte once whatever breaks, and only its input needs a connection of its own; a terminal needs it for
 * both. `give` gets what went wrong while it ran; `isGoing`: whether it was told to stop. `follows`: resolves when its
 * log is followed, which may just have broken off. `end`: the program has ended; resolves when everything is written.
 */
export function connectRun(
  cluster: Cluster,
  container: Container,
  streams: Streams,
  signal: AbortSignal,
  { give, isGoing }: { readonly give: (error: unknown) => void; readonly isGoing: () => boolean },
): { follows: () => Promise<void>; end: () => Promise<void> } {
  let isFollowed = false;
  let begun = (): void => {};
  const follows = (now: boolean): void => {
    isFollowed = now;
    if (now) begun();
  };
  let hasEnded = false;
  let ending = (): void => {};
  const ended = new Promise<void>((resolve) => {
    ending = resolve;
  }).then(() => {
    hasEnded = true;
  });
  const copy = (): Promise<void> =>
    copyLog(cluster, { of: container, write: streams.write, ended, isGoing, follows, signal }).catch(
      // The log of an instance that is gone is gone too.
      (error) => (hasEnded && isStatus(error, 404) ? undefined : give(error)),
    );
  const log = streams.terminal ? undefined : copy();
  const attached = streams.input ? attach() : undefined;

  /** Whether there ever was a connection. */
  async function attach(): Promise<boolean> {
    const shown = streams.terminal ? shownOnce(cluster, container, streams, signal) : inTheLog;
    const own = { ...streams, ...shown.outputs };
    for (let attempt = 1; ; attempt++) {
      try {
        const end = await attachTo(cluster, container, own, signal, shown.begun);
        await shown.closed();
        if (end.type === 'broken' && (isCut() || !(await endsSoon())))
          give(new PaasError([connectionBroken(container.pod)]));
        return true;
      } catch (error) {
        if (signal.aborted || hasEnded) return false;
        // A program that has just begun can't be reached yet; one that has just ended, no more.
        if (!isStatus(error, 400, 404, 500) || attempt >= attempts) {
          give(error);
          return false;
        }
        await Promise.race([ended, sleep(pause)]);
      }
    }
  }

  /** A program whose input breaks off takes that for its end: how it ends then says nothing. */
  function isCut(): boolean {
    return !streams.terminal && streams.input?.readableEnded === false;
  }

  /** The connection may break a moment before the cluster tells that the program has ended. */
  async function endsSoon(): Promise<boolean> {
    await Promise.race([ended, sleep(lastWords, undefined, { ref: false })]);
    return hasEnded;
  }

  return {
    follows: async () => {
      if (streams.terminal || isFollowed) return;
      const next = new Promise<void>((resolve) => {
        begun = resolve;
      });
      await Promise.race([next, ended, sleep(lastWords, undefined, { ref: false })]);
    },
    end: async () => {
      ending();
      await ended;
      await log;
      const reached = attached && (await Promise.race([attached, sleep(lastWords, true, { ref: false })]));
      // Too short a life for a connection: what it said stands in the log.
      if (streams.terminal && !reached) await copy();
    },
  };
}

/** What is done with what a connection brings of the program's words. */
interface Shown {
  readonly outputs: Partial<Pick<Streams, 'write' | 'writeError'>>;
  /** Called once the connection stands. */
  readonly begun: () => void;
  /** Resolves when what was brought is written. */
  readonly closed: () => Promise<void>;
}

/** Without a terminal the log is what is shown, and the connection is there for the input alone. */
const inTheLog: Shown = {
  outputs: { write: () => {}, writeError: () => {} },
  begun: () => {},
  closed: async () => {},
};

/**
 * A terminal shows what comes from the moment of its connection on. What was written before stands in the log, which
 * knows whole lines only, and those that have come since as well: they are shown once.
 */
function shownOnce(cluster: Cluster, container: Container, { write }: Streams, signal: AbortSignal): Shown {
  let held: Buffer[] | undefined = [];
  let done = Promise.resolve();
  const release = async (before: Buffer): Promise<void> => {
    const since = Buffer.concat(held ?? []);
    held = undefined;
    const text = Buffer.concat([before.subarray(0, before.length - overlap(before, since)), since]);
    if (text.length > 0) await write(text);
  };
  return {
    outputs: {
      write: (chunk) => {
        if (!held) return write(chunk);
        held.push(Buffer.from(chunk));
      },
    },
    begun: (): void => {
      done = (async () => {
        const chunks: Buffer[] = [];
        try {
          for await (const chunk of streamLog(cluster, { ...container, signal })) chunks.push(chunk);
          await sleep(settle, undefined, { signal });
        } catch {
          // Without it the terminal still works.
        }
        // The log has lines; a terminal ends them by two characters.
        const lines = Buffer.concat(chunks).toString('latin1').replaceAll('\n', '\r\n');
        await release(Buffer.from(lines, 'latin1'));
      })();
    },
    closed: () => done,
  };
}

/** How many bytes of the end of one are the beginning of the other. */
function overlap(before: Buffer, since: Buffer): number {
  for (let length = Math.min(before.length, since.length); length > 0; length--) {
    if (before.subarray(before.length - length).equals(since.subarray(0, length))) return length;
  }
  return 0;
}
