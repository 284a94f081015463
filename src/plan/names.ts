import { createHash } from 'node:crypto';

// Names for ever. Kubernetes can't rename an object and can't change a selector, and what is found by a name
// must be found by the next version of this program too: nothing here may change once released.
// test/plan/names.test.ts holds every form.

/** A namespace, a label's value, a Job, a Service: RFC 1123 labels. */
const labelLimit = 63;
/** A CronJob or StatefulSet: Kubernetes appends up to 11 characters to it. */
const workloadLimit = 52;
/** Everything else. */
const nameLimit = 253;
/** A field manager has 128; `:scale` must still fit. */
const managerLimit = 122;

/** The prefix of our own labels and annotations: `.internal` is reserved for private use, nobody can own it. */
export const prefix = 'paas.internal';

/** The digits of short hashes: no vowels, so no words; none that look alike. As Kubernetes' own SafeEncodeString. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** Eight characters of the SHA-256 of a text. */
export function shortHash(text: string): string {
  let number = createHash('sha256').update(text).digest().readBigUInt64BE();
  let hash = '';
  while (hash.length < 8) {
    hash += alphabet[Number(number % BigInt(alphabet.length))];
    number /= BigInt(alphabet.length);
  }
  return hash;
}

/** A name of at most `limit` characters: cut, with a hash of the whole, where it is longer. */
export function truncate(name: string, limit: number): string {
  if (name.length <= limit) return name;
  return `${name.slice(0, limit - 9).replace(/[^a-z0-9]+$/i, '')}-${shortHash(name)}`;
}

/** A namespace. A platform may name them by a pattern of its own. */
export const namespaceName = (app: string, environment: string, pattern = '{app}-{environment}'): string =>
  truncate(pattern.replaceAll('{app}', app).replaceAll('{environment}', environment), labelLimit);

/** The name of a component's objects. Where several apps share the namespace, the app's name comes first. */
export const objectName = (app: string, component: string, sharedNamespace: boolean): string =>
  truncate(sharedNamespace ? `${app}-${component}` : component, labelLimit);

export const statefulSetName = (name: string): string => truncate(name, workloadLimit);
export const cronJobName = (name: string): string => truncate(name, workloadLimit);

/** A job that belongs to a release. */
export const jobName = (name: string, release: number): string =>
  truncate(name, labelLimit - `-r${release}`.length).concat(`-r${release}`);

/** A job that a person started. */
export const runName = (name: string, id: string): string =>
  `${truncate(name, labelLimit - id.length - 5)}-run-${id}`;

/** The Service by which each instance of a StatefulSet has a name of its own. */
export const headlessName = (name: string): string =>
  `${truncate(name, labelLimit - '-headless'.length)}-headless`;

/** The Service by which ports of the nodes lead to a component. The other one never changes its type. */
export const nodePortName = (name: string): string =>
  `${truncate(name, labelLimit - '-node-port'.length)}-node-port`;

/** The repository of an image that is built: one level deep, since not every registry has more. */
export const builtImageName = (registry: string, app: string, component: string): string =>
  `${registry}/${app}-${component}`;

/** The Gateway of an app. */
export const gatewayName = (app: string): string => truncate(app, labelLimit);

/**
 * The routes of a host: called after it, without the app, so that in a shared namespace two apps that claim one host
 * meet in one object and the second is refused. Names of components have no dots: these never meet one of theirs.
 */
export const hostRouteName = (host: string): string =>
  truncate(host.replace(/^\*\./, 'any-name-below.').replace(/^([^.]+)$/, '$1.host'), nameLimit);
/** What sends plain HTTP for a host to TLS, where that is an object of its own. */
export const redirectName = (host: string): string =>
  `${truncate(hostRouteName(host), nameLimit - '.redirect'.length)}.redirect`;
/** Where one object can't hold all rules of a host: its further parts, from 1. */
export const routePartName = (name: string, part: number): string =>
  part === 0 ? name : `${truncate(name, nameLimit - `.part-${part}`.length)}.part-${part}`;
/** The same of a TCP port of the gateway. */
export const tcpRouteName = (port: number): string => `tcp.${port}`;

/** The claim of a volume that all instances share. Those of single instances are named by Kubernetes. */
export const claimName = (name: string, volume: string): string => truncate(`${name}-${volume}`, nameLimit);

/** A ConfigMap: its name changes with its content, so that pods roll and a rollback finds the old one. */
export const configName = (name: string, what: string, content: string): string =>
  `${truncate(`${name}-${what}`, nameLimit - 9)}-${shortHash(content)}`;

/** A stored secret. A number, not a hash of the value: a hash would let weak values be guessed. */
export const secretName = (app: string, secret: string, version: number, sharedNamespace: boolean): string =>
  truncate(`${sharedNamespace ? `${app}-` : ''}secret-${secret.replaceAll('_', '-')}`, nameLimit - 12).concat(
    `-v${version}`,
  );

/** Names of the state record. Components have no dots in their names: these never meet one of theirs. */
export const recordName = (app: string, environment: string): string => `paas.${app}.${environment}`;
export const inventoryName = (app: string, environment: string): string =>
  `${recordName(app, environment)}.inventory`;
export const lockName = (app: string, environment: string): string => `${recordName(app, environment)}.lock`;
/** How many instances somebody asked for by hand. */
export const scalingName = (app: string, environment: string): string =>
  `${recordName(app, environment)}.scaling`;
/** That nothing is to be changed for a while. */
export const freezeName = (app: string, environment: string): string =>
  `${recordName(app, environment)}.freeze`;
export const releaseName = (app: string, environment: string, release: number): string =>
  `${recordName(app, environment)}.r${release}`;
/**
 * The copy of a pull secret, of `NAMESPACE/NAME`. Where it comes from stands in its name, so that a recorded plan tells
 * it, too. Not cut: a name that is too long for Kubernetes is refused.
 */
export const pullSecretName = (app: string, environment: string, source: string): string =>
  `${recordName(app, environment)}.pull.${source.replace('/', '.')}`;
/** The other way round; undefined for other names. A namespace has no dots. */
export function pullSecretSource(
  app: string,
  environment: string,
  name: string,
): { readonly namespace: string; readonly name: string } | undefined {
  const start = pullSecretName(app, environment, '');
  if (!name.startsWith(start)) return undefined;
  const [namespace = '', ...rest] = name.slice(start.length).split('.');
  return { namespace, name: rest.join('.') };
}
/** What doesn't fit into one Secret goes on in further parts, from 1. */
export const partName = (name: string, part: number): string => (part === 0 ? name : `${name}.${part}`);

/** Whom an object belongs to: the value of the owner label. Names have no dots, so it is unambiguous. */
export const ownerName = (app: string, environment: string): string =>
  truncate(`${app}.${environment}`, labelLimit);

/** Who applies. One per app and environment: another app's object then always conflicts at the server. */
export const managerName = (app: string, environment: string): string =>
  truncate(`paas:${app}:${environment}`, managerLimit);
/** Who writes `spec.replicas`, and nothing else. */
export const scaleManagerName = (app: string, environment: string): string =>
  `${managerName(app, environment)}:scale`;

/** The version that takes all traffic. A canary is another track. */
export const stableTrack = 'stable';

/** What a person runs once: no Service finds it. */
export const runTrack = 'run';

export const labelKeys = {
  app: `${prefix}/app`,
  component: `${prefix}/component`,
  environment: `${prefix}/environment`,
  track: `${prefix}/track`,
  owner: `${prefix}/owner`,
  /** On objects of the state record: `release`, `inventory`, `scaling`, `freeze`. */
  record: `${prefix}/record`,
  /** On jobs: when they run. */
  run: `${prefix}/run`,
  /** On stored secrets, with the secret's name as annotation. */
  secret: `${prefix}/secret`,
  /** On copies of pull secrets, with `NAMESPACE/NAME` of the original as annotation. */
  pullSecret: `${prefix}/pull-secret`,
} as const;

/** What selects the instances of a component. Immutable in every workload. */
export const selectorLabels = (
  app: string,
  component: string,
  environment: string,
  track: string,
): Record<string, string> => ({
  [labelKeys.app]: app,
  [labelKeys.component]: component,
  [labelKeys.environment]: environment,
  [labelKeys.track]: track,
});

/**
 * The id of the set of everything that an app owns in an environment; its parent is the inventory.
 * Source: KEP-3659 (ApplySet), kubectl's format v1.
 */
export function applySetId(inventory: string, namespace: string): string {
  const hash = createHash('sha256').update(`${inventory}.${namespace}.Secret.`).digest('base64url');
  return `applyset-${hash}-v1`;
}
