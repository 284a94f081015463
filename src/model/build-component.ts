import { keyPlaceAt, type MapValue, placeAt, valueAt } from '../document/value.ts';
import { noImage, reservedVariable } from '../problems/model.ts';
import type { NearestOf } from '../problems/nearest.ts';
import type { Problem } from '../problems/problem.ts';
import type { Build, Component, File, Placement, Port, Resources, Run, Toleration, Use } from './app.ts';
import type { ComponentInput, FileEntryInput, FileInput } from './input.ts';
import { buildHealth } from './probes.ts';
import { buildScaling } from './scaling.ts';
import { rootSchema } from './schema.ts';
import { buildResources } from './units.ts';

/** What a component stands in. */
export interface Surroundings {
  readonly file: FileInput;
  readonly unit: Resources;
  /** The document that all of it comes from. */
  readonly root: MapValue;
  readonly meant: NearestOf;
}

/** A component from what the file says of it. What doesn't fit together is added to `problems`. */
export function buildComponent(
  name: string,
  input: ComponentInput,
  { file, unit, root, meant: nearest }: Surroundings,
  problems: Problem[],
): Component {
  const path = ['components', name];
  const written = valueAt(root, path);
  const says = (key: string): boolean => written?.kind === 'map' && written.entries.has(key);
  if (
    !says('image') &&
    !says('build') &&
    !says('package') &&
    written?.kind === 'map' &&
    !written.incomplete
  ) {
    const others = Object.keys(file.components ?? {}).filter((other) => other !== name);
    const meant = nearest(name, others);
    problems.push(noImage(keyPlaceAt(root, path), path.join('.'), meant));
  }
  const ports = buildPorts(input);
  const port = ports[0]?.port;
  if (port !== undefined && valueAt(root, [...path, 'env', 'PORT'])) {
    const said = placeAt(root, [...path, says('port') ? 'port' : 'ports']);
    problems.push(reservedVariable(keyPlaceAt(root, [...path, 'env', 'PORT']), 'PORT', said));
  }
  const scaling =
    input.scaling_policy && buildScaling(input.scaling_policy, root, [...path, 'scaling_policy'], problems);
  const env = Object.entries(input.env ?? {});
  return {
    name,
    image: input.image ?? '',
    build: input.build && buildOf(input.build),
    package: input.package,
    entrypoint: input.entrypoint,
    command: input.command,
    port,
    ports,
    env: env.flatMap(([variable, value]) => (typeof value === 'string' ? [{ name: variable, value }] : [])),
    secretEnv: env.flatMap(([variable, value]) =>
      typeof value === 'object' ? [{ name: variable, secret: value.secret ?? '', key: value.key }] : [],
    ),
    files: Object.entries(input.files ?? {}).map(([at, entry]) => buildFile(at, entry)),
    uses: Object.entries(input.uses ?? {}).map(([used, variables]) => buildUse(used, variables, file)),
    instances: scaling?.min ?? input.instances ?? 1,
    scaling,
    resources: buildResources(input.units, input.resources, unit),
    health: buildHealth(input.health, port, root, [...path, 'health'], problems),
    run: buildRun(input),
    stop: { timeout: Math.ceil(input.stop?.timeout ?? 0) },
    security: {
      runAsRoot: input.security?.run_as_root ?? false,
      user: input.security?.user,
      writableRoot: input.security?.writable_root ?? false,
      capabilities: input.security?.capabilities ?? [],
    },
    volumes: Object.entries(input.volumes ?? {}).map(([volume, said]) => ({
      name: volume,
      path: said.path ?? '',
      size: said.size ?? '',
      storageClass: said.storage_class,
      shared: said.shared ?? false,
      readOnly: said.read_only ?? false,
    })),
    placement: buildPlacement(input),
    routes: input.routes ?? [],
    traffic: input.traffic,
    rollout: input.rollout,
    metrics: input.metrics,
    extra: Object.fromEntries(Object.entries(input).filter(([key]) => !Object.hasOwn(ownKeys, key))),
  };
}

const ownKeys = rootSchema.definitions?.component?.properties ?? {};

function buildOf({ platform, ...build }: NonNullable<ComponentInput['build']>): Build {
  return { ...build, ...(platform && { platform: [platform].flat() }) };
}

function buildPorts({ port, ports }: ComponentInput): Port[] {
  if (port !== undefined) return [{ name: 'main', port, protocol: 'http' }];
  return (ports ?? []).map((entry, index) => ({
    name: entry.name ?? (index === 0 ? 'main' : `port-${entry.port}`),
    port: entry.port ?? 0,
    protocol: entry.protocol as Port['protocol'],
  }));
}

function buildFile(path: string, { file, content, secret, mode = 0o444 }: FileEntryInput): File {
  if (secret !== undefined) return { path, from: { type: 'secret', secret }, mode };
  if (content !== undefined) return { path, from: { type: 'content', content }, mode };
  return { path, from: { type: 'file', file: file ?? '' }, mode };
}

function buildUse(name: string, variables: NonNullable<Use['variables']>, file: FileInput): Use {
  const kind = file.services && Object.hasOwn(file.services, name) ? 'service' : 'component';
  return { name, kind, variables: Object.keys(variables ?? {}).length > 0 ? variables : undefined };
}

function buildRun({ schedule, time_zone, overlap, run }: ComponentInput): Run {
  if (schedule !== undefined) {
    return { type: 'schedule', schedule, timeZone: time_zone ?? 'UTC', overlap: overlap ?? 'skip' };
  }
  return { type: run ?? 'always' };
}

function buildPlacement({ placement = {} }: ComponentInput): Placement {
  return {
    spread: placement.spread ?? [],
    near: placement.near ?? [],
    apart: placement.apart ?? [],
    nodePools: placement.node_pools ?? [],
    tolerations: (placement.tolerations ?? []).map(buildToleration),
  };
}

/** `key`, `key=value`, `key=value:effect`, `key:effect`. */
function buildToleration(text: string): Toleration {
  const [, key = '', value, effect] = /^([^=:]+)(?:=([^:]*))?(?::(.*))?$/.exec(text) ?? [];
  return { key, value, effect };
}
