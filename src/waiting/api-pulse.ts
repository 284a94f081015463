import { isStatus } from '../cluster/api-error.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { request } from '../cluster/request.ts';

/** Milliseconds: after how long a silence it is asked, and how long an answer may take. */
const askAfter = 5_000;
const longestAnswer = 5_000;

/** Whether the cluster's API answers, asked where nothing was heard from it for a while. */
export interface ApiPulse {
  /** Since when it doesn't answer, by `performance.now()`; undefined while it does. */
  readonly silentSince: (heard: number) => number | undefined;
}

/** An open watch says nothing of an API server that has stopped: it may as well have nothing to tell. */
export function feelPulse(cluster: Cluster, changed: () => void, signal: AbortSignal): ApiPulse {
  let asked: number | undefined;
  let answered = performance.now();
  let failed = false;
  const ask = (): void => {
    asked = performance.now();
    const isAnswer = (error: unknown): boolean => isStatus(error, 401, 403, 404, 429);
    request(cluster, { path: '/version', timeout: longestAnswer, signal })
      .then(() => true, isAnswer)
      .then((answer) => {
        failed = !answer;
        if (answer) answered = performance.now();
        asked = undefined;
        changed();
      });
  };
  return {
    silentSince: (heard) => {
      const now = performance.now();
      const last = Math.max(heard, answered);
      if (heard > answered) failed = false;
      if (asked === undefined && now - last > askAfter) ask();
      const late = asked !== undefined && now - asked > longestAnswer && heard < asked;
      return late || failed ? last : undefined;
    },
  };
}
