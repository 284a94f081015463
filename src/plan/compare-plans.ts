import { isMap, itemName, type Json } from './merge.ts';
import { labelKeys } from './names.ts';
import type { Manifest, Plan } from './plan.ts';

/** What differs between two plans: a field of an object, or an object as a whole. */
export interface Difference {
  /** `deployment/web`; of what has a content hash in its name, without it. */
  readonly object: string;
  readonly component: string | undefined;
  readonly action: 'create' | 'update' | 'delete';
  /** Where in it, items of lists by their merge key: `spec.template.spec.containers[web].image`. Empty: all of it. */
  readonly field: string;
  /** The same as people say it: `image`, `env LOG_LEVEL`, `instances`. */
  readonly words: string;
  /** Undefined where it wasn't said before. Values of secrets are never here. */
  readonly from?: Json;
  readonly to?: Json;
}

/** Stands in place of a value that nobody is to see. */
export const masked = '(hidden)';

/** What differs between two plans: their manifests, and the numbers of instances that they ask for. */
export function comparePlans(before: Plan | undefined, after: Plan): Difference[] {
  const manifests = (plan: Plan | undefined): Manifest[] =>
    (plan?.phases ?? []).flatMap((phase) => phase.manifests);
  return [...compareManifests(manifests(before), manifests(after)), ...compareNumbers(before, after)];
}

/** What differs between two lists of manifests, in the order of the second; what is gone comes last. */
export function compareManifests(before: readonly Manifest[], after: readonly Manifest[]): Difference[] {
  const pairs = pair(before, after);
  const renamed = new Map(
    [...pairs]
      .filter(([a, b]) => a.metadata.name !== b.metadata.name)
      .map(([a, b]) => [nameOf(a), nameOf(b)]),
  );
  const earlier = new Map([...pairs].map(([a, b]) => [b, a]));
  return [
    ...after.flatMap((manifest) => {
      const old = earlier.get(manifest);
      return old ? compareObject(old, manifest, renamed) : [whole(manifest, 'create')];
    }),
    ...before.filter((manifest) => !pairs.has(manifest)).map((manifest) => whole(manifest, 'delete')),
  ];
}

/** Which object became which: by kind and name; what changes its name with its content or release, by what it is for. */
function pair(before: readonly Manifest[], after: readonly Manifest[]): Map<Manifest, Manifest> {
  const pairs = new Map<Manifest, Manifest>();
  const taken = new Set<Manifest>();
  for (const id of [idOf, purposeOf]) {
    const left = new Map(after.filter((one) => !taken.has(one)).map((one) => [id(one), one]));
    for (const manifest of before) {
      const other = pairs.has(manifest) ? undefined : left.get(id(manifest));
      if (!other || taken.has(other)) continue;
      pairs.set(manifest, other);
      taken.add(other);
    }
  }
  return pairs;
}

const nameOf = ({ metadata }: Manifest): string => metadata.name;
const idOf = ({ kind, metadata }: Manifest): string => `${kind}/${metadata.name}`;

function purposeOf(manifest: Manifest): string {
  const { kind, metadata } = manifest;
  if (kind === 'Job') return `Job of ${componentOf(manifest) ?? metadata.name}`;
  return `${kind}/${kind === 'ConfigMap' ? metadata.name.replace(contentHash, '') : metadata.name}`;
}

/** `names.ts`, configName. */
const contentHash = /-[0-9a-z]{8}$/;

function whole(manifest: Manifest, action: 'create' | 'delete'): Difference {
  return { ...about(manifest), action, field: '', words: '' };
}

function about(manifest: Manifest): Pick<Difference, 'object' | 'component'> {
  const { kind, metadata } = manifest;
  const name = kind === 'ConfigMap' ? metadata.name.replace(contentHash, '') : metadata.name;
  return { object: `${kind.toLowerCase()}/${name}`, component: componentOf(manifest) };
}

function componentOf({ metadata }: Manifest): string | undefined {
  return metadata.labels?.[labelKeys.component];
}

function compareObject(
  before: Manifest,
  after: Manifest,
  renamed: ReadonlyMap<string, string>,
): Difference[] {
  // Most objects are the same, and looking closer takes its time.
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const { name: _, ...metadata } = before.metadata;
  const { name: __, ...newMetadata } = after.metadata;
  const { object, component } = about(after);
  // What is called otherwise because its content is another tells that itself.
  const old = renamed.size === 0 ? before : (renameIn(before, renamed) as Manifest);
  return compare({ ...old, metadata }, { ...after, metadata: newMetadata }, []).map(({ steps, from, to }) => {
    const hide = (value: Json): Json => (value === undefined ? undefined : masked);
    const hidden = after.kind === 'Secret' && (steps[0] === 'data' || steps[0] === 'stringData');
    return {
      object,
      component,
      action: 'update' as const,
      field: inPlain(steps),
      words: inWords(inPlain(steps), component),
      ...said('from', hidden ? hide(from) : from),
      ...said('to', hidden ? hide(to) : to),
    };
  });
}

function renameIn(value: Json, renamed: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string') return renamed.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => renameIn(item, renamed));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, renameIn(item, renamed)]));
}

function said(key: 'from' | 'to', value: Json): Partial<Pick<Difference, 'from' | 'to'>> {
  return value === undefined ? {} : { [key]: value };
}

interface Leaf {
  /** Items of lists with names are in brackets. */
  readonly steps: readonly string[];
  readonly from: Json;
  readonly to: Json;
}

function compare(before: Json, after: Json, steps: readonly string[]): Leaf[] {
  const list = steps.at(-1) ?? '';
  // A variable is one value, wherever that comes from.
  if (steps.at(-2) === 'env') {
    const [from, to] = [variable(before), variable(after)];
    return from === to ? [] : [{ steps, from, to }];
  }
  if (isMap(before) && isMap(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => compare(before[key], after[key], [...steps, key]));
  }
  const [old, now] = [byName(list, before), byName(list, after)];
  if (old && now && (Array.isArray(before) || Array.isArray(after))) {
    const names = new Set([...old.keys(), ...now.keys()]);
    return [...names].flatMap((name) => compare(old.get(name), now.get(name), [...steps, `[${name}]`]));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ steps, from: before, to: after }];
}

/** The items of a list by their merge key; none where it isn't there; undefined where they have no such key. */
function byName(list: string, value: Json): Map<string, Json> | undefined {
  if (value === undefined) return new Map();
  if (!Array.isArray(value)) return undefined;
  const named = value.map((item) => [itemName(list, item), item] as const);
  return named.every(([name]) => name !== undefined) ? new Map(named as [string, Json][]) : undefined;
}

/** The value of a variable, or where it comes from. */
function variable(item: Json): string | undefined {
  if (!isMap(item)) return undefined;
  if (!isMap(item.valueFrom)) return String(item.value ?? '');
  const [[source, ref] = ['', {}]] = Object.entries(item.valueFrom);
  if (!isMap(ref)) return source;
  if (source !== 'secretKeyRef')
    return `${source} ${String(ref.fieldPath ?? ref.resource ?? ref.name ?? '')}`;
  return `secret ${String(ref.name)}${ref.key === 'value' ? '' : `, key ${String(ref.key)}`}`;
}

function inPlain(steps: readonly string[]): string {
  return steps.map((step, index) => (index === 0 || step.startsWith('[') ? step : `.${step}`)).join('');
}

const podSpecs = ['spec.template.spec.', 'spec.jobTemplate.spec.template.spec.'];

/** A field of a component's object as people say it: `image`, `env LOG_LEVEL`, `instances`. */
export function inWords(plain: string, component: string | undefined): string {
  if (plain === 'spec.replicas') return 'instances';
  const ofPod = podSpecs.find((prefix) => plain.startsWith(prefix));
  const rest = ofPod ? plain.slice(ofPod.length) : plain.replace(/^spec\./, '');
  const own = `containers[${component}].`;
  const short = rest.startsWith(own) ? rest.slice(own.length) : rest;
  // What the language calls otherwise.
  const said: Readonly<Record<string, string>> = { args: 'command', command: 'entrypoint' };
  return (
    said[short] ??
    short
      .replace(/^env\[([^\]]*)\](\.value)?$/, 'env $1')
      .replace(/^(?:data|binaryData)\.\d+-/, 'file ')
      .replace(/^volumes\[paas-files\].*/, 'files')
  );
}

function compareNumbers(before: Plan | undefined, after: Plan): Difference[] {
  const old = new Map((before?.scale ?? []).map((scale) => [`${scale.kind}/${scale.name}`, scale]));
  return after.scale.flatMap((scale): Difference[] => {
    const other = old.get(`${scale.kind}/${scale.name}`);
    // Those of autoscalers are in their own objects.
    if (!other || scale.autoscaler || other.autoscaler || other.replicas === scale.replicas) return [];
    return [
      {
        object: `${scale.kind.toLowerCase()}/${scale.name}`,
        component: scale.component,
        action: 'update',
        field: 'spec.replicas',
        words: 'instances',
        from: other.replicas,
        to: scale.replicas,
      },
    ];
  });
}
