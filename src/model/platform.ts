import { keyPlaceAt, type MapValue, placeAt, type Value } from '../document/value.ts';
import { limitProblems } from '../problems/limit.ts';
import { emptyFile, missingKey, unknownReference, wrongType, wrongValue } from '../problems/model.ts';
import { nearest } from '../problems/nearest.ts';
import type { Problem, Source } from '../problems/problem.ts';
import type { Domain, Monitoring, Namespaces, Prometheus, Resources, Routing } from './app.ts';
import { checkShape, type Language } from './check-shape.ts';
import { complete } from './complete.ts';
import { platformSchema } from './platform-schema.ts';
import { validatePlatform } from './platform-validator.ts';
import { defaultMonitoring, defaultRouting } from './routing.ts';
import { findNotYet } from './rules.ts';

// The platform team's file, by the same machinery as the apps'.

/** What a platform says, completed. Parts keep the names that the file gives them. */
export interface Platform {
  readonly clusters: Readonly<
    Record<string, { readonly server: string; readonly uid?: string; readonly login?: string }>
  >;
  readonly registries: Readonly<
    Record<string, { readonly pull_secret?: string; readonly plain_http: boolean }>
  >;
  /** By runtime: one image for all stages, or one to build and one to run. */
  readonly base_images: Readonly<Record<string, string | { readonly build?: string; readonly run?: string }>>;
  readonly domains: Readonly<Record<string, Domain>>;
  readonly routing: Routing;
  readonly monitoring: Monitoring;
  readonly unit: Resources;
  readonly defaults: Readonly<Record<string, PlatformDefaults>>;
  readonly namespaces: Namespaces;
  readonly guard_rails: GuardRails;
  readonly prometheus?: Prometheus;
  readonly features: readonly string[];
  readonly shadow: readonly string[];
}

/** What every deploy must keep. */
export interface GuardRails {
  readonly allowed_registries?: readonly string[];
  readonly no_latest: boolean;
  readonly required_labels?: readonly string[];
  readonly max_instances?: number;
  readonly max_cpu?: string;
  readonly max_memory?: string;
  readonly run_as_root: boolean;
}

export interface PlatformDefaults {
  readonly cluster?: string;
  readonly protected?: boolean;
  readonly instances?: number;
  readonly units?: number;
}

/** A platform, and the document in which everything it says has its place. */
export interface PlatformFile {
  readonly platform: Platform;
  readonly document: MapValue;
}

/** A platform file with what is wrong with it, in the order of the file. */
export interface ReadPlatform {
  /** Undefined where something is wrong. */
  readonly file: PlatformFile | undefined;
  readonly problems: readonly Problem[];
  /** What can be said and has no effect yet. */
  readonly notYet: readonly Problem[];
}

const language: Language = { schema: platformSchema, validate: validatePlatform };

/** The platform that a document describes. */
export function readPlatform(root: Value | undefined, source: Source): ReadPlatform {
  const hint = 'The least it can say: clusters: {north: {server: https://…}}.';
  const start = { source, start: 0, end: 0 };
  const wrong = (problem: Problem): ReadPlatform => ({ file: undefined, problems: [problem], notYet: [] });
  if (!root) return wrong(emptyFile(start, hint));
  if (root.kind !== 'map') {
    const found = root.kind === 'list' ? 'a list' : 'one text';
    return wrong(wrongType(start, 'The file', 'a map', found, { hint }));
  }
  const { sound, problems: shape } = checkShape(root, language, false);
  const problems = [...shape];
  const said = complete(sound, platformSchema, platformSchema, [], problems) as Partial<Platform>;
  problems.push(...checkClusters(said, sound), ...checkNamespaces(said, sound), ...checkRouting(said, sound));
  const sorted = limitProblems(problems.sort((a, b) => (a.at?.start ?? 0) - (b.at?.start ?? 0)));
  return {
    file: sorted.length > 0 ? undefined : { platform: withEmptyParts(said), document: root },
    problems: sorted,
    notYet: findNotYet(sound, platformSchema),
  };
}

/** Clusters that defaults name must be there. */
function checkClusters(said: Partial<Platform>, root: MapValue): Problem[] {
  const known = Object.keys(said.clusters ?? {});
  return Object.entries(said.defaults ?? {}).flatMap(([environment, { cluster }]) => {
    if (cluster === undefined || known.includes(cluster) || root.incomplete) return [];
    const meant = nearest(cluster, known);
    const at = placeAt(root, ['defaults', environment, 'cluster']);
    return [unknownReference(at, cluster, 'cluster', known, meant ? { hint: `Did you mean ${meant}?` } : {})];
  });
}

/** Apps that don't know of one another would have objects of the same names. */
function checkNamespaces({ namespaces }: Partial<Platform>, root: MapValue): Problem[] {
  if (!namespaces?.pattern || namespaces.shared || namespaces.pattern.includes('{app}')) return [];
  const at = placeAt(root, ['namespaces', 'pattern']);
  const hint = 'If apps are to share a namespace, say so: shared: true.';
  return [wrongValue(at, 'namespaces.pattern', 'different for each app: with {app} in it', { hint })];
}

/** Routes of the Gateway API are nothing without the gateway that they are for. */
function checkRouting({ routing }: Partial<Platform>, root: MapValue): Problem[] {
  if (routing?.type !== 'gateway_api' || routing.gateway !== undefined || root.incomplete) return [];
  const hint = 'The Gateway that the routes of all apps use: gateway: infra/public.';
  return [missingKey(keyPlaceAt(root, ['routing']), 'gateway', 'routing', hint)];
}

function withEmptyParts(said: Partial<Platform>): Platform {
  return {
    clusters: {},
    registries: {},
    base_images: {},
    domains: {},
    defaults: {},
    features: [],
    shadow: [],
    ...said,
    unit: said.unit!,
    routing: said.routing ?? defaultRouting,
    monitoring: said.monitoring ?? defaultMonitoring,
    namespaces: said.namespaces ?? { pattern: '{app}-{environment}', shared: false, create: true },
    guard_rails: said.guard_rails ?? { no_latest: true, run_as_root: false },
  };
}
