import type { Detected, Seen } from './detected.ts';
import type { FoundApp } from './find-apps.ts';
import { type Security, securityOf } from './image-user.ts';
import { shellWords } from './shell-words.ts';
import { freeSlug, slug } from './slug.ts';

/** A paas.yaml to begin with, before it is written. */
export interface Proposal {
  readonly name: string;
  readonly registry: string | undefined;
  /** Whether the platform says which registry it is. */
  readonly registryKnown: boolean;
  readonly components: readonly ProposedComponent[];
  readonly services: readonly ProposedService[];
}

export interface ProposedComponent {
  readonly name: string;
  /** What it is, for the reader: `Next.js 15 (package.json)`. */
  readonly what: string;
  readonly image: string | undefined;
  readonly build: { readonly context: string; readonly dockerfile: string | undefined } | undefined;
  /** Only where it isn't what the image starts by itself. */
  readonly command: readonly string[] | undefined;
  /** What the image starts by itself, where that is known. */
  readonly starts: readonly string[] | undefined;
  readonly port: number | undefined;
  readonly health: string | undefined;
  readonly host: string | undefined;
  readonly beforeDeploy: boolean;
  readonly security: Security | undefined;
  readonly needs: readonly { readonly variable: string; readonly why: string }[];
  /** Names of services that it uses. */
  readonly uses: readonly string[];
  /** Where its values were seen, by what they are about. */
  readonly where: Readonly<Partial<Record<Seen['about'], string>>>;
  /** It can't run before its services are there, which is not yet: it is written as a comment. */
  readonly held: boolean;
}

export interface ProposedService {
  readonly name: string;
  readonly type: string;
  readonly because: string;
  readonly variables: readonly string[];
  /** Whether paas can set it up. */
  readonly rendered: boolean;
}

/** What a person, or a flag, has decided. What is undefined is as it was detected. */
export interface Choices {
  readonly name: string;
  readonly image: string | undefined;
  readonly registry: string | undefined;
  readonly registryKnown: boolean;
  readonly host: string | undefined;
  /** null: it listens on none. */
  readonly port: number | null | undefined;
  /** As a shell line. */
  readonly command: string | undefined;
  /** Whether a type of service can be set up. */
  readonly renders: (type: string) => boolean;
}

/** The file of some apps; each is one component, and one more for each further process. */
export function propose(apps: readonly FoundApp[], choices: Choices): Proposal {
  const { name, registry, registryKnown } = choices;
  if (choices.image !== undefined) {
    const component = ofImage(choices.image, choices);
    return { name, registry, registryKnown, components: [component], services: [] };
  }
  const services = proposeServices(apps, choices.renders);
  const taken = new Set<string>();
  const components = apps.flatMap((app) => componentsOf(app, apps.length > 1, services, choices, taken));
  return { name, registry, registryKnown, components, services };
}

const nothing = {
  image: undefined,
  build: undefined,
  command: undefined,
  starts: undefined,
  port: undefined,
  health: undefined,
  host: undefined,
  beforeDeploy: false,
  security: undefined,
  needs: [],
  uses: [],
  where: {},
  held: false,
} as const;

function ofImage(image: string, { host, command, ...choices }: Choices): ProposedComponent {
  const port = choices.port ?? undefined;
  const words = command === undefined ? undefined : shellWords(command);
  return { ...nothing, name: 'web', what: 'an image that is there', image, port, host, command: words };
}

function componentsOf(
  app: FoundApp,
  several: boolean,
  services: readonly ProposedService[],
  choices: Choices,
  taken: Set<string>,
): ProposedComponent[] {
  const { folder, dockerfile, detected } = app;
  const take = (text: string, otherwise: string): string => {
    const name = freeSlug(text, otherwise, taken);
    taken.add(name);
    return name;
  };
  const build = {
    context: folder,
    dockerfile: dockerfile?.file === 'Dockerfile' ? undefined : dockerfile?.file,
  };
  const ofSource = dockerfile?.port ?? detected?.port;
  const port = choices.port === undefined ? ofSource : (choices.port ?? undefined);
  const uses = services.filter(({ type }) => detected?.services.some((used) => used.type === type));
  const shared = {
    ...nothing,
    build,
    security: securityOf(dockerfile, detected?.writable ?? false),
    needs: detected?.needs ?? [],
    uses: uses.map(({ name }) => name),
    where: whereOf(detected, dockerfile?.portAt),
  };
  const components: ProposedComponent[] = [];
  const main = take(several ? app.name : port === undefined ? 'worker' : 'web', 'web');
  const said = choices.command === undefined ? undefined : shellWords(choices.command);
  const own = said?.join('\0') === detected?.command?.join('\0') ? undefined : said;
  if (said || dockerfile || startsItself(detected)) {
    components.push({
      ...shared,
      name: main,
      what: whatIs(app),
      command: own,
      starts: own || dockerfile ? undefined : detected?.command,
      port,
      health: port === undefined ? undefined : (dockerfile?.health ?? detected?.health),
      host: choices.host,
    });
  } else taken.delete(main);
  const prefix = several ? `${app.name}-` : '';
  const further = { ...shared, security: shared.security };
  for (const [process, line] of Object.entries(detected?.processes ?? {})) {
    const name = take(`${prefix}${process}`, 'worker');
    components.push({ ...further, name, what: `${process} of the Procfile`, command: shellWords(line) });
  }
  if (detected?.release !== undefined) {
    components.push({
      ...further,
      name: take(`${prefix}${isMigration(detected.release) ? 'migrate' : 'release'}`, 'release'),
      what: 'before each release',
      command: shellWords(detected.release),
      beforeDeploy: true,
      // Without its database it would fail, and the deploy with it.
      held: uses.some(({ rendered }) => !rendered),
    });
  }
  return components;
}

/** Where only a Procfile's other processes tell how it runs, there is no main one. */
function startsItself(detected: Detected | undefined): boolean {
  if (!detected || Object.keys(detected.processes).length === 0) return true;
  return detected.seen.some(({ about, where }) => about === 'command' && /Procfile/.test(where));
}

function isMigration(line: string): boolean {
  return /migrat/.test(line);
}

function whatIs({ dockerfile, detected }: FoundApp): string {
  const seen = detected?.seen.find(({ about }) => about === 'runtime');
  const known = seen ? `${seen.what} (${seen.where})` : undefined;
  if (!dockerfile) return known ?? '';
  return known ? `${known}, built by its ${dockerfile.file}` : `built by its ${dockerfile.file}`;
}

function whereOf(detected: Detected | undefined, portAt: string | undefined): ProposedComponent['where'] {
  const seen = Object.fromEntries((detected?.seen ?? []).map(({ about, where }) => [about, where]));
  return portAt === undefined ? seen : { ...seen, port: portAt };
}

/** What services are called in the file, by what they are for. */
const roles: Readonly<Record<string, string>> = {
  postgresql: 'db',
  mysql: 'db',
  mongodb: 'db',
  redis: 'cache',
  memcached: 'cache',
  rabbitmq: 'queue',
  kafka: 'events',
  nats: 'messages',
};

/** Each type once, whichever apps use it. */
function proposeServices(apps: readonly FoundApp[], renders: Choices['renders']): ProposedService[] {
  const all = apps.flatMap(({ detected }) => detected?.services ?? []);
  const taken = new Set<string>();
  return [...Map.groupBy(all, ({ type }) => type)].map(([type, used]) => {
    const role = roles[type] ?? slug(type, 'service');
    const name = taken.has(role) ? type : role;
    taken.add(name);
    const variables = [...new Set(used.flatMap((one) => one.variables))];
    return { name, type, because: used[0]!.because, variables, rendered: renders(type) };
  });
}
