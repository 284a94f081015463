/**
 * Calls `act` for every item, so many at a time. The first error stops the others, by the signal that they are given,
 * and is thrown when all have ended.
 */
export async function each<T>(
  items: readonly T[],
  limit: number,
  signal: AbortSignal | undefined,
  act: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const left = items.values();
  const errors: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (const item of left) {
      if (both.aborted) return;
      try {
        await act(item, both);
      } catch (error) {
        errors.push(error);
        stop.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  signal?.throwIfAborted();
  if (errors.length > 0) throw errors[0];
}
