import { setTimeout as sleep } from 'node:timers/promises';

/** Waits a moment; ends early, with the signal's reason, when the work is given up. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await sleep(ms, undefined, { signal }).catch(() => signal?.throwIfAborted());
}

/**
 * Asks again and again until the probe answers true; a probe that throws has not answered yet. It has much patience
 * where nothing else is said: a machine that does much else is no failure.
 * `alive` throws when waiting has become pointless, such as when the program in question has ended.
 */
export async function until(
  what: string,
  probe: () => boolean | Promise<boolean>,
  options: {
    readonly timeoutMs?: number;
    readonly intervalMs?: number;
    readonly signal?: AbortSignal | undefined;
    readonly alive?: () => void;
  } = {},
): Promise<void> {
  const { timeoutMs = 180_000, intervalMs = 50, signal, alive } = options;
  const end = Date.now() + timeoutMs;
  let last = '';
  for (;;) {
    signal?.throwIfAborted();
    alive?.();
    try {
      if (await probe()) return;
    } catch (error) {
      last = error instanceof Error ? `: ${error.message}` : '';
    }
    if (Date.now() > end)
      throw new Error(`waited ${Math.round(timeoutMs / 1000)} s in vain for ${what}${last}`);
    await pause(intervalMs, signal);
  }
}
