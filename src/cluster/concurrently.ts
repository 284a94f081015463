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
  const results: R[] = [];
  let failure: { readonly error: unknown } | undefined;
  let next = 0;
  let ended = false;
  let news = Promise.withResolvers<void>();
  // What has answered makes room for the next at once, however long it takes to tell of it.
  const work = async (): Promise<void> => {
    while (next < items.length && !failure && !ended) {
      try {
        results.push(await act(items[next++]!));
      } catch (error) {
        failure ??= { error };
      }
      news.resolve();
    }
  };
  const workers = Array.from({ length: Math.min(atOnce, items.length) }, work);
  try {
    for (let told = 0; told < items.length; told++) {
      while (results.length <= told && !failure) {
        await news.promise;
        news = Promise.withResolvers();
      }
      if (failure && results.length <= told) throw failure.error;
      yield results[told]!;
    }
  } finally {
    // What is under way when one fails is not left behind unobserved.
    ended = true;
    await Promise.all(workers);
  }
}
