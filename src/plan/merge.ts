// Kubernetes' own way of laying one object over another: maps merge, lists of things with names merge by them.
// Source: API conventions, "merge keys"; x-kubernetes-list-map-keys of the OpenAPI document.

export type Json = unknown;
export type Steps = readonly string[];

/** By the name of the list: what tells its items apart. Of several, the first that an item has. */
const mergeKeys: Readonly<Record<string, readonly (readonly string[])[]>> = {
  containers: [['name']],
  initContainers: [['name']],
  env: [['name']],
  volumes: [['name']],
  volumeMounts: [['mountPath']],
  volumeDevices: [['devicePath']],
  imagePullSecrets: [['name']],
  hostAliases: [['ip']],
  topologySpreadConstraints: [['topologyKey', 'whenUnsatisfiable']],
  ports: [
    ['containerPort', 'protocol'],
    ['port', 'protocol'],
  ],
};

/** Lists whose items are added to one another. */
const addedLists = new Set([
  'tolerations',
  'envFrom',
  'finalizers',
  'requiredDuringSchedulingIgnoredDuringExecution',
  'preferredDuringSchedulingIgnoredDuringExecution',
  'matchExpressions',
  'add',
  'drop',
]);

/** What to do where both say something else: throw it away, or put it in its place. */
export type OnConflict = (steps: Steps, before: Json, after: Json) => Json;

/** `patch` laid over `base`. Neither is changed. */
export function merge(base: Json, patch: Json, onConflict: OnConflict, steps: Steps = []): Json {
  if (base === undefined || base === null) return withoutNulls(patch);
  if (patch === undefined) return base;
  if (isMap(base) && isMap(patch)) {
    const merged: Record<string, Json> = { ...base };
    for (const [key, value] of Object.entries(patch)) {
      const below = [...steps, key];
      const over =
        value === null ? onConflict(below, merged[key], null) : merge(merged[key], value, onConflict, below);
      if (over === undefined || over === null) delete merged[key];
      else merged[key] = over;
    }
    return merged;
  }
  if (Array.isArray(base) && Array.isArray(patch)) return mergeLists(base, patch, onConflict, steps);
  return same(base, patch) ? base : onConflict(steps, base, patch);
}

function mergeLists(
  base: readonly Json[],
  patch: readonly Json[],
  onConflict: OnConflict,
  steps: Steps,
): Json {
  const name = steps.at(-1) ?? '';
  if (addedLists.has(name)) return [...base, ...patch.filter((item) => !base.some((one) => same(one, item)))];
  const id = (item: Json): string | undefined => itemName(name, item);
  if (![...base, ...patch].every((item) => id(item) !== undefined)) {
    return same(base, patch) ? base : onConflict(steps, base, patch);
  }
  const merged = new Map(base.map((item) => [id(item)!, item]));
  for (const item of patch) {
    const key = id(item)!;
    const over = isRemoval(item) ? undefined : merge(merged.get(key), item, onConflict, [...steps, key]);
    if (over === undefined) merged.delete(key);
    else merged.set(key, over);
  }
  return [...merged.values()];
}

/** What tells an item of a list apart, such as `LOG_LEVEL` of `env`; undefined in lists without names. */
export function itemName(list: string, item: Json): string | undefined {
  if (!isMap(item)) return undefined;
  const keys = mergeKeys[list]?.find((one) => item[one[0]!] !== undefined);
  return keys?.map((key) => item[key] ?? 'TCP').join('/');
}

/** What stands at some steps; an item of a list by its name, or by its number where it has none. */
export function valueIn(value: Json, steps: Steps): Json {
  let found: Json = value;
  let list = '';
  for (const step of steps) {
    if (Array.isArray(found)) {
      const named: Json = found.find((item) => itemName(list, item) === step);
      found = named ?? found[Number(step)];
    } else if (isMap(found)) {
      found = Object.hasOwn(found, step) ? found[step] : undefined;
    } else {
      return undefined;
    }
    list = step;
  }
  return found;
}

/** As `kubectl` has it: an item to be taken out. */
function isRemoval(item: Json): boolean {
  return isMap(item) && item.$patch === 'delete';
}

function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isMap(value)) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== null && one !== undefined);
  return Object.fromEntries(entries.map(([key, one]) => [key, withoutNulls(one)]));
}

export function isMap(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function same(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => same(item, b[i]));
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => same(a[key], b[key]));
}
