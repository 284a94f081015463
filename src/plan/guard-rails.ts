import type { GuardRails } from '../model/platform.ts';
import {
  imageWithoutVersion,
  instanceTooLarge,
  labelMissing,
  registryNotAllowed,
  rootNotAllowed,
  tooManyInstances,
} from '../problems/platform.ts';
import type { Place, Problem } from '../problems/problem.ts';
import { comesFrom, readImageReference } from './image-reference.ts';
import { labelKeys } from './names.ts';
import type { Manifest, Plan } from './plan.ts';
import { containersOf, type PodSpec, podSpecOf } from './pod-spec.ts';
import { readQuantity } from './quantity.ts';

// What a platform lets apps do is checked on what is rendered, whatever of the language it came from. Pure: it is told
// where the app and the platform say what they say.

/** Where things are said, so that a problem points there. */
export interface GuardRailPlaces {
  /** Of a component: the first of these keys that it says, such as `resources.cpu`; else the component. */
  readonly ofComponent: (component: string, keys: readonly string[]) => Place | undefined;
  /** Of a guard rail, where the platform says it: one may also hold by default. */
  readonly ofRule: (rule: keyof GuardRails) => Place | undefined;
}

/** Everything in a plan that the platform doesn't allow. */
export function checkGuardRails(plan: Plan, rails: GuardRails, places: GuardRailPlaces): Problem[] {
  const manifests = plan.phases.flatMap((phase) => phase.manifests);
  const pods = manifests.flatMap((manifest): Pod[] => {
    const spec = podSpecOf(manifest);
    return spec ? [{ component: componentOf(manifest), spec }] : [];
  });
  return [
    ...checkImages(pods, rails, places),
    ...checkSizes(pods, rails, places),
    ...checkUser(pods, rails, places),
    ...checkInstances(plan, manifests, rails, places),
    ...checkLabels(manifests, rails, places),
  ];
}

interface Pod {
  readonly component: string;
  readonly spec: PodSpec;
}

function componentOf(manifest: Manifest): string {
  return manifest.metadata.labels?.[labelKeys.component] ?? manifest.metadata.name;
}

function checkImages(pods: readonly Pod[], rails: GuardRails, places: GuardRailPlaces): Problem[] {
  const { allowed_registries: allowed, no_latest } = rails;
  return pods.flatMap(({ component, spec }) =>
    images(spec).flatMap((image) => {
      const reference = readImageReference(image);
      const at = places.ofComponent(component, ['image']);
      const problems: Problem[] = [];
      if (allowed && !allowed.some((place) => comesFrom(reference, place))) {
        const rule = places.ofRule('allowed_registries');
        problems.push(registryNotAllowed(at, rule, image, reference.registry, allowed));
      }
      if (no_latest && !reference.digest && (reference.tag ?? 'latest') === 'latest') {
        problems.push(imageWithoutVersion(at, places.ofRule('no_latest'), image));
      }
      return problems;
    }),
  );
}

/** An image that is still to be built has no name yet. */
function images(spec: PodSpec): string[] {
  const named = containersOf(spec).flatMap(({ image }) => (image ? [image] : []));
  return [...new Set(named)];
}

function checkSizes(pods: readonly Pod[], rails: GuardRails, places: GuardRailPlaces): Problem[] {
  const limits = [
    ['max_cpu', 'cpu', 'CPU cores'],
    ['max_memory', 'memory', 'of memory'],
  ] as const;
  return limits.flatMap(([rule, resource, name]) => {
    const most = rails[rule];
    if (most === undefined) return [];
    return pods.flatMap(({ component, spec }) => {
      const [amount, shown] = sizeOf(spec, resource);
      if (!(amount > readQuantity(most))) return [];
      const at = places.ofComponent(component, [`resources.${resource}`, 'units', 'resources']);
      return [instanceTooLarge(at, places.ofRule(rule), component, shown, name, most)];
    });
  });
}

/** What an instance may take of a resource: all containers together, as a number and as people write it. */
function sizeOf(spec: PodSpec, resource: string): [number, string] {
  const parts = (spec.containers ?? []).flatMap(({ resources }) => {
    const said = [resources?.requests?.[resource], resources?.limits?.[resource]].filter(
      (one) => one !== undefined,
    );
    return said.sort((a, b) => readQuantity(b) - readQuantity(a)).slice(0, 1);
  });
  return [parts.reduce((sum, part) => sum + readQuantity(part), 0), parts.join(' + ')];
}

function checkUser(pods: readonly Pod[], rails: GuardRails, places: GuardRailPlaces): Problem[] {
  if (rails.run_as_root) return [];
  return pods
    .filter(({ spec }) =>
      containersOf(spec).some((container) =>
        mayBeRoot({ ...spec.securityContext, ...container.securityContext }),
      ),
    )
    .map(({ component }) => {
      const at = places.ofComponent(component, ['security.run_as_root', 'security.user', 'security']);
      return rootNotAllowed(at, places.ofRule('run_as_root'), component);
    });
}

function mayBeRoot({ runAsNonRoot, runAsUser }: NonNullable<PodSpec['securityContext']>): boolean {
  return runAsNonRoot !== true || runAsUser === 0;
}

function checkInstances(
  plan: Plan,
  manifests: readonly Manifest[],
  { max_instances: most }: GuardRails,
  places: GuardRailPlaces,
): Problem[] {
  if (most === undefined) return [];
  const wanted = new Map(plan.scale.map(({ component, replicas }) => [component, replicas]));
  for (const manifest of manifests) {
    const spec = (manifest.spec ?? {}) as { maxReplicas?: number; maxReplicaCount?: number };
    const highest = spec.maxReplicas ?? spec.maxReplicaCount;
    if (highest === undefined) continue;
    const component = componentOf(manifest);
    wanted.set(component, Math.max(highest, wanted.get(component) ?? 0));
  }
  return [...wanted]
    .filter(([, count]) => count > most)
    .map(([component, count]) => {
      const at = places.ofComponent(component, [
        'instances',
        'scaling_policy.max_instances',
        'scaling_policy',
      ]);
      return tooManyInstances(at, places.ofRule('max_instances'), component, count, most);
    });
}

/** Once for each component and label, however many of its objects lack it. */
function checkLabels(
  manifests: readonly Manifest[],
  { required_labels: labels = [] }: GuardRails,
  places: GuardRailPlaces,
): Problem[] {
  const components = [...new Set(manifests.map(componentOf))];
  return components.flatMap((component) =>
    labels.flatMap((label) => {
      const without = manifests.filter(
        (manifest) => componentOf(manifest) === component && manifest.metadata.labels?.[label] === undefined,
      );
      if (without.length === 0) return [];
      const names = without.map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`);
      return [
        labelMissing(places.ofComponent(component, []), places.ofRule('required_labels'), label, names),
      ];
    }),
  );
}
