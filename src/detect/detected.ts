/** What a folder of source turned out to be. Data only: who reads it asks no file again. */
export interface Detected {
  /** The runtime's folder name: node, python, ruby, java, php, go, static. */
  readonly runtime: string;
  /** `next`, `django`, `spring-boot` …; undefined where none is known. */
  readonly framework: string | undefined;
  /** What fetches the dependencies and builds: npm, yarn, pnpm, pip, poetry, uv, maven, gradle, bundler, composer, go. */
  readonly tool: string | undefined;
  /** Of the runtime, as the source asks for it (`engines`, `.python-version`, `go.mod` …): `24`, `3.12`. */
  readonly version: string | undefined;
  /** What builds it after its dependencies are there, as a shell line: `npm run build`. */
  readonly buildCommand: string | undefined;
  /** The folder of a build's result that is served or run, as seen from the source: `dist`, `target/shop.jar`. */
  readonly output: string | undefined;
  /** What starts it in its image. */
  readonly command: readonly string[] | undefined;
  readonly port: number | undefined;
  /** A path that answers when it is well. */
  readonly health: string | undefined;
  /** Further processes by name (Procfile), as shell lines; `web` is the main one and not among them. */
  readonly processes: Readonly<Record<string, string>>;
  /** What runs before each release (Procfile's `release`, migrations), as a shell line. */
  readonly release: string | undefined;
  readonly services: readonly DetectedService[];
  /** What was seen, and where, for the person: `Next.js 15` from `package.json`. */
  readonly seen: readonly Seen[];
  /** It writes into its own folder (caches, logs): a read-only root would stop it. */
  readonly writable?: boolean;
  /** Variables without which it doesn't start. */
  readonly needs?: readonly { readonly variable: string; readonly why: string }[];
  /** What a person should know of it, as sentences. */
  readonly advice?: readonly string[];
}

export interface Seen {
  /** What it tells of: the app itself, or one of its values. */
  readonly about:
    | 'runtime'
    | 'version'
    | 'tool'
    | 'port'
    | 'command'
    | 'build'
    | 'output'
    | 'health'
    | 'release'
    | 'process';
  readonly what: string;
  /** The file, with a line where it has one: `src/server.js:12`; else what it is usual for. */
  readonly where: string;
}

export interface DetectedService {
  /** A type of the language: postgresql, mysql, mongodb, redis, memcached, rabbitmq, nats. */
  readonly type: string;
  /** The dependency that tells: `pg in package.json`. */
  readonly because: string;
  /** The variables that the app reads its address from: `DATABASE_URL`. */
  readonly variables: readonly string[];
}
