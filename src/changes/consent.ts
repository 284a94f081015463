import type { KubeObject } from '../cluster/cluster.ts';
import { labelKeys } from '../plan/names.ts';
import type { State } from './read-state.ts';

/** What a person has agreed to beyond an ordinary deploy. */
export interface Consent {
  /** Objects, as `deployment/web`, that may be deleted and made again where Kubernetes can't change them. */
  readonly recreate: readonly string[];
  /** Objects that another program made become the app's, and fields that other programs set are taken back. */
  readonly takeOver: boolean;
}

export const noConsent: Consent = { recreate: [], takeOver: false };

/**
 * What is there under the name of an object of the plan and may be changed: the app's own, or, where that was agreed
 * to, what another program made. Never what belongs to another app, or is made and kept by a controller.
 */
export function changeable(
  { live, foreign }: Pick<State, 'live' | 'foreign'>,
  key: string,
  { takeOver }: Consent,
): KubeObject | undefined {
  const own = live.get(key);
  const other = own ? undefined : foreign.get(key);
  return own ?? (takeOver && other && isFree(other) ? other : undefined);
}

function isFree({ kind, metadata }: KubeObject): boolean {
  const isControlled = metadata.ownerReferences?.some(({ controller }) => controller);
  return kind !== 'Job' && !isControlled && metadata.labels?.[labelKeys.owner] === undefined;
}
