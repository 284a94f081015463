import type { KubeObject } from '../cluster/cluster.ts';
import type { Readiness } from './cause.ts';
import { conditionsOf, holds } from './condition.ts';
import {
  goesOn,
  isCurrent,
  isReady,
  isRefused,
  isSilent,
  nameOf,
  waitsFor,
  wordsOf,
} from './object-state.ts';

/** What says that something works, by the names that controllers use; the first that is there counts. */
const wellWhen = ['Ready', 'Available', 'Healthy', 'Programmed', 'Accepted'];

/**
 * An object of any kind, by its conditions. As kstatus does it, but for what is wrong there:
 * - one of which nothing is said yet isn't ready: its controller may not have seen it (kstatus: Current)
 * - a condition of an older generation says nothing (kstatus looks at the status' own number alone)
 * - Ready isn't the only word for it
 * Sources: Kubernetes API conventions; cli-utils, pkg/kstatus/status.
 */
export function readinessByConditions(object: KubeObject): Readiness {
  if (object.metadata.deletionTimestamp) {
    return waitsFor(object, { code: 'object-not-ready', message: `${nameOf(object)} is being deleted.` });
  }
  if (!isCurrent(object, object.status?.observedGeneration)) {
    return goesOn('waits for its controller to take notice');
  }
  const said = conditionsOf(object).filter(({ observedGeneration }) => isCurrent(object, observedGeneration));
  const stalled = holds(object, 'Stalled');
  if (stalled && said.includes(stalled)) {
    const message = `${nameOf(object)} can't be made: ${wordsOf(stalled)}.`;
    return isRefused(object, { code: 'object-refused', message });
  }
  const found = wellWhen.map((name) => said.find(({ type }) => type === name)).find((one) => one);
  if (!found) return isSilent(object);
  if (found.status !== 'True') {
    const message = `${nameOf(object)} isn't ready: ${wordsOf(found)}.`;
    return waitsFor(object, { code: 'object-not-ready', message });
  }
  const changing = holds(object, 'Reconciling');
  if (changing && said.includes(changing)) return goesOn(wordsOf(changing));
  return isReady();
}
