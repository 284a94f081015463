/**
 * How many requests are under way at once. A near cluster is busy with 8; for a far one each phase takes a trip for every so
 * many objects.
 */
export const atOnce = 32;

/** Calls `act` for every item, a few at a time, and gives the results as they come. The first error ends it. */
export async function* concurrently<T, R>(
  items: readonly T[],
  act: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running = new Map<number, Promise<{ id: number; result: R }>>();
  let next = 0;
  try {
    while (next < items.length || running.size > 0) {
      while (running.size < atOnce && next < items.length) {
        const id = next++;
        running.set(
          id,
          act(items[id]!).then((result) => ({ id, result })),
        );
      }
      const { id, result } = await Promise.race(running.values());
      running.delete(id);
      yield result;
    }
  } finally {
    // What is under way when one fails is not left behind unobserved.
    await Promise.allSettled(running.values());
  }
}
