import { Ajv } from 'ajv';
import schema from '../../schemas/platform.schema.json' with { type: 'json' };
import { type MapValue, placeAt, type Value } from '../document/value.ts';
import { limitProblems } from '../problems/limit.ts';
import { emptyFile, unknownReference, wrongType } from '../problems/model.ts';
import { nearest } from '../problems/nearest.ts';
import type { Problem, Source } from '../problems/problem.ts';
import type { Resources } from './app.ts';
import { checkShape } from './check-shape.ts';
import { complete } from './complete.ts';
import type { SchemaNode } from './schema.ts';
import { validatorOptions } from './validator-options.ts';

// The platform team's file, by the same machinery as the apps'. It is read seldom: its schema is compiled then.

/** What a platform says, completed. Parts keep the names that the file gives them. */
export interface Platform {
  readonly clusters: Readonly<
    Record<string, { readonly server: string; readonly uid?: string; readonly login?: string }>
  >;
  readonly registries: Readonly<
    Record<string, { readonly pull_secret?: string; readonly plain_http: boolean }>
  >;
  readonly base_images: Readonly<Record<string, string>>;
  readonly domains: Readonly<
    Record<string, { readonly certificate?: string; readonly environments?: readonly string[] }>
  >;
  readonly unit: Resources;
  readonly defaults: Readonly<Record<string, PlatformDefaults>>;
  readonly namespaces: { readonly pattern: string; readonly shared: boolean; readonly create: boolean };
  readonly guard_rails: {
    readonly allowed_registries?: readonly string[];
    readonly no_latest: boolean;
    readonly required_labels?: readonly string[];
    readonly max_instances?: number;
    readonly max_cpu?: string;
    readonly max_memory?: string;
    readonly run_as_root: boolean;
  };
  readonly features: readonly string[];
  readonly shadow: readonly string[];
}

export interface PlatformDefaults {
  readonly cluster?: string;
  readonly protected?: boolean;
  readonly instances?: number;
  readonly units?: number;
}

export const platformSchema: SchemaNode = schema as SchemaNode;

/** The platform that a document describes, and what is wrong with it, in the order of the file. */
export function readPlatform(
  root: Value | undefined,
  source: Source,
): { platform: Platform | undefined; problems: readonly Problem[] } {
  const hint = 'The least it can say: clusters: {north: {server: https://…}}.';
  const start = { source, start: 0, end: 0 };
  if (!root) return { platform: undefined, problems: [emptyFile(start, hint)] };
  if (root.kind !== 'map') {
    const found = root.kind === 'list' ? 'a list' : 'one text';
    return { platform: undefined, problems: [wrongType(start, 'The file', 'a map', found, { hint })] };
  }
  const validate = new Ajv(validatorOptions).compile(platformSchema);
  const { sound, problems: shape } = checkShape(root, { schema: platformSchema, validate }, false);
  const problems = [...shape];
  const said = complete(sound, platformSchema, platformSchema, [], problems) as Partial<Platform>;
  problems.push(...checkClusters(said, sound));
  const sorted = limitProblems(problems.sort((a, b) => (a.at?.start ?? 0) - (b.at?.start ?? 0)));
  return { platform: sorted.length > 0 ? undefined : withEmptyParts(said), problems: sorted };
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
    namespaces: said.namespaces ?? { pattern: '{app}-{environment}', shared: false, create: true },
    guard_rails: said.guard_rails ?? { no_latest: true, run_as_root: false },
  };
}
