import { times } from '../model/units.ts';
import { type Manifest, manifestsOf, type Plan } from './plan.ts';

// The size of a component's instances, set by hand: it holds in later plans until the file says another one than then.

/** How large one unit is: Kubernetes quantities. */
export interface Unit {
  readonly cpu: string;
  readonly memory: string;
}

/** What a container may take, as Kubernetes has it. */
export interface ContainerSize {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

export interface ManualSize {
  readonly units: number;
  /** What that many came to then. */
  readonly size: ContainerSize;
  /** What the file said then. */
  readonly file: ContainerSize;
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
}

/** By component. */
export type ManualSizes = Readonly<Record<string, ManualSize>>;

/** A plan with the sizes that hold in it, and which those are. */
export function withManualSizes(plan: Plan, sizes: ManualSizes): { plan: Plan; sizes: ManualSizes } {
  const holding = Object.entries(sizes).filter(([component, { file }]) => {
    const said = sizeIn(plan, component);
    return said !== undefined && isSame(said, file);
  });
  const sized = holding.reduce((all, [component, { size }]) => withSize(all, component, size), plan);
  return { plan: sized, sizes: Object.fromEntries(holding) };
}

/** What an instance of a component may take; undefined where there is no such component that keeps running. */
export function sizeIn(plan: Plan, component: string): ContainerSize | undefined {
  const scale = plan.scale.find((one) => one.component === component);
  const workload = scale && manifestsOf(plan).find((one) => isWorkload(one, scale));
  return containersOf(workload)?.find(({ name }) => name === component)?.resources;
}

export function withSize(plan: Plan, component: string, size: ContainerSize): Plan {
  const scale = plan.scale.find((one) => one.component === component);
  if (!scale) return plan;
  const phases = plan.phases.map((phase) =>
    phase.manifests.some((one) => isWorkload(one, scale))
      ? {
          ...phase,
          manifests: phase.manifests.map((one) =>
            isWorkload(one, scale) ? resized(one, component, size) : one,
          ),
        }
      : phase,
  );
  return { ...plan, phases };
}

/** So many units of CPU and memory, wherever the file says how much; disk and bandwidth stay. */
export function inUnits(said: ContainerSize, unit: Unit, units: number): ContainerSize {
  const cpu = times(unit.cpu, units);
  const memory = times(unit.memory, units);
  const set = (amounts: Readonly<Record<string, string>> | undefined, always: boolean) => ({
    ...amounts,
    ...((always || amounts?.cpu !== undefined) && { cpu }),
    ...((always || amounts?.memory !== undefined) && { memory }),
  });
  return {
    ...said,
    requests: set(said.requests, true),
    ...(said.limits && { limits: set(said.limits, false) }),
  };
}

/** `cpu 500m, memory 256Mi` */
export function describeSize({ requests }: ContainerSize): string {
  const said = ['cpu', 'memory'].flatMap((name) => (requests?.[name] ? [`${name} ${requests[name]}`] : []));
  return said.join(', ') || 'nothing';
}

export function describeUnits(units: number): string {
  return `${units} ${units === 1 ? 'unit' : 'units'}`;
}

function isWorkload(
  { kind, metadata }: Manifest,
  scale: { readonly kind: string; readonly name: string },
): boolean {
  return kind === scale.kind && metadata.name === scale.name;
}

interface Workload {
  readonly template?: { readonly spec: { readonly containers: readonly Container[] } };
}

interface Container {
  readonly name: string;
  readonly resources?: ContainerSize;
}

function containersOf(workload: Manifest | undefined): readonly Container[] | undefined {
  return (workload?.spec as Workload | undefined)?.template?.spec.containers;
}

function resized(workload: Manifest, component: string, size: ContainerSize): Manifest {
  const { template, ...spec } = workload.spec as Workload;
  const containers = (template?.spec.containers ?? []).map((container) =>
    container.name === component ? { ...container, resources: size } : container,
  );
  return {
    ...workload,
    spec: { ...spec, template: { ...template, spec: { ...template?.spec, containers } } },
  };
}

/** Whatever the order of their keys. */
function isSame(a: ContainerSize, b: ContainerSize): boolean {
  const text = (size: ContainerSize): string =>
    JSON.stringify(
      [size.requests, size.limits].map((amounts) =>
        Object.entries(amounts ?? {}).sort(([x], [y]) => (x < y ? -1 : 1)),
      ),
    );
  return text(a) === text(b);
}
