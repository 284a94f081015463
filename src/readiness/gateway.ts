import type { KubeObject } from '../cluster/cluster.ts';
import type { Readiness } from './cause.ts';
import { type Condition, conditionsOf } from './condition.ts';
import { isCurrent, isReady, isRefused, isSilent, nameOf, waitsFor, wordsOf } from './object-state.ts';

interface ListenerStatus {
  readonly name: string;
  readonly conditions?: readonly Condition[];
}

/**
 * A Gateway of the Gateway API: taken by a controller, with an address, and with what its listeners need, such as
 * certificates. Source: Gateway API, GatewayStatus and ListenerStatus.
 */
export function gatewayReadiness(gateway: KubeObject): Readiness {
  const current = (conditions: readonly Condition[]): Condition[] =>
    conditions.filter(({ observedGeneration }) => isCurrent(gateway, observedGeneration));
  const said = current(conditionsOf(gateway));
  const of = (type: string): Condition | undefined => said.find((one) => one.type === type);
  const accepted = of('Accepted');
  if (accepted?.status === 'False') {
    const message = `${nameOf(gateway)} isn't taken: ${wordsOf(accepted)}.`;
    return isRefused(gateway, { code: 'object-refused', message });
  }
  // Before any controller has seen it, the API server itself says Unknown (reason Pending).
  if (accepted?.status !== 'True') {
    const message = `Nobody has taken ${nameOf(gateway)}: has the class ${gateway.spec?.gatewayClassName} a controller?`;
    return isSilent(gateway, { code: 'object-unnoticed', message });
  }
  for (const { name, conditions = [] } of (gateway.status?.listeners ?? []) as ListenerStatus[]) {
    const lost = current(conditions).find((one) => one.type === 'ResolvedRefs' && one.status === 'False');
    if (lost) {
      const message = `The listener ${name} of ${nameOf(gateway)} lacks something: ${wordsOf(lost)}.`;
      return isRefused(gateway, { code: 'object-refused', message });
    }
  }
  const programmed = of('Programmed');
  if (programmed?.status === 'True') return isReady();
  const why = programmed ? `: ${wordsOf(programmed)}` : '';
  return waitsFor(gateway, { code: 'object-not-ready', message: `${nameOf(gateway)} isn't ready${why}.` });
}
