import type { KubeObject } from '../cluster/cluster.ts';
import type { Readiness } from './cause.ts';
import type { Condition } from './condition.ts';
import { isCurrent, isReady, isRefused, isSilent, nameOf, wordsOf } from './object-state.ts';

interface ParentRef {
  readonly kind?: string;
  readonly namespace?: string;
  readonly name: string;
  readonly sectionName?: string;
}

interface ParentStatus {
  readonly parentRef: ParentRef;
  readonly conditions?: readonly Condition[];
}

/**
 * A route of the Gateway API: whether each gateway that it names takes it, and finds what it leads to. A route has no
 * conditions of its own. Where nobody has said anything, no controller of that gateway knows it: it may not be there.
 * Source: Gateway API, RouteStatus.
 */
export function routeReadiness(route: KubeObject): Readiness {
  const wanted = (route.spec?.parentRefs ?? []) as ParentRef[];
  const said = (route.status?.parents ?? []) as ParentStatus[];
  const parents = wanted.map((ref) => ({ ref, of: said.filter((one) => isOf(one.parentRef, ref, route)) }));
  for (const { ref, of } of parents) {
    const current = of.flatMap(({ conditions = [] }) =>
      conditions.filter(({ observedGeneration }) => isCurrent(route, observedGeneration)),
    );
    const refused = current.find(({ type, status }) => type === 'Accepted' && status === 'False');
    if (refused) {
      const message = `The gateway ${placeOf(ref, route)} doesn't take ${nameOf(route)}: ${wordsOf(refused)}.`;
      return isRefused(route, { code: 'route-refused', message, key: 'routes' });
    }
    const lost = current.find(({ type, status }) => type === 'ResolvedRefs' && status === 'False');
    if (lost) {
      const message = `${nameOf(route)} leads nowhere: ${wordsOf(lost)}.`;
      return isRefused(route, { code: 'route-refused', message, key: 'routes' });
    }
    if (!current.some(({ type, status }) => type === 'Accepted' && status === 'True')) {
      const message = `Nobody says that the gateway ${placeOf(ref, route)} takes ${nameOf(route)}: is it there?`;
      return isSilent(route, { code: 'route-unnoticed', message, key: 'routes' });
    }
  }
  return isReady();
}

function isOf(said: ParentRef, ref: ParentRef, route: KubeObject): boolean {
  return placeOf(said, route) === placeOf(ref, route) && said.sectionName === ref.sectionName;
}

function placeOf({ namespace, name }: ParentRef, route: KubeObject): string {
  return `${namespace ?? route.metadata.namespace}/${name}`;
}
