import { manifestsOf, type Plan } from '../plan/plan.ts';
import { unknownObject } from '../problems/deploy.ts';
import { nearest } from '../problems/nearest.ts';
import { fail } from '../problems/problem.ts';
import { refKey } from '../releases/inventory.ts';
import { type Changes, summarize } from './changes.ts';
import type { Consent } from './consent.ts';
import { keyOf } from './read-state.ts';

/** Refuses names of objects that the plan doesn't have. */
export function checkConsent({ recreate }: Consent, plan: Plan, changes: Changes): void {
  const known = manifestsOf(plan).map((one) => refKey(keyOf(one)));
  const unknown = recreate.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const changing = summarize(changes).map(({ object }) => object);
  fail(...unknown.map((name) => unknownObject(name, changing, nearest(name, known))));
}
