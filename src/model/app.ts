// What the rest of the program knows of paas.yaml: valid, complete, without shorthands.
// Times are seconds, percentages numbers from 0 to 100, sizes Kubernetes quantities.

export interface App {
  readonly name: string;
  readonly environment: Environment;
  /** Where images that are built here are pushed to. */
  readonly registry: string | undefined;
  /** In the order of the file. */
  readonly components: readonly Component[];
  readonly services: readonly Service[];
}

export interface Environment {
  readonly name: string;
  /** A cluster's name, when the file or the platform names one. */
  readonly cluster: string | undefined;
  /** Where the file says one; else it is named after app and environment (`plan/names.ts`). */
  readonly namespace: string | undefined;
  readonly protected: boolean;
  /** How the platform names namespaces, where there is a platform file. */
  readonly namespaces?: Namespaces;
  /** Where metrics are read, where the platform says it. */
  readonly prometheus?: Prometheus;
  /** How routes lead into the cluster, where there is a platform file. */
  readonly routing?: Routing;
  /** The domains that routes may use; none: any. */
  readonly domains?: Readonly<Record<string, Domain>>;
  /** How Prometheus finds metrics, where there is a platform file. */
  readonly monitoring?: Monitoring;
}

export interface Prometheus {
  /** Its URL as the cluster reaches it. */
  readonly server: string;
  /** Seconds between two measurements. */
  readonly interval: number;
}

export interface Namespaces {
  /** With `{app}` and `{environment}` in it. */
  readonly pattern: string;
  /** Whether several apps share a namespace. */
  readonly shared: boolean;
  /** Whether a deploy may make one. */
  readonly create: boolean;
}

/** How routes lead into the cluster. */
export interface Routing {
  readonly type: 'istio' | 'gateway_api' | 'node_port';
  /** Labels of the pods of Istio's gateway. */
  readonly selector: Readonly<Record<string, string>>;
  /** The platform's own Gateway, as NAMESPACE/NAME. */
  readonly gateway?: string;
  readonly listeners?: { readonly http: string; readonly https: string };
}

/** A domain that routes may use. */
export interface Domain {
  /** As NAMESPACE/NAME. */
  readonly certificate?: string;
  readonly environments?: readonly string[];
}

/** How Prometheus finds metrics. */
export interface Monitoring {
  readonly type: 'annotations' | 'prometheus_operator';
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Component {
  readonly name: string;
  /** Empty where the image is still to be built: then `build` or `package` says from what. */
  readonly image: string;
  readonly build: Build | undefined;
  readonly package: string | undefined;
  readonly entrypoint: readonly string[] | undefined;
  readonly command: readonly string[] | undefined;
  /** The main port: the first of `ports`. */
  readonly port: number | undefined;
  readonly ports: readonly Port[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  /** Variables whose values are stored elsewhere. */
  readonly secretEnv: readonly SecretVariable[];
  readonly files: readonly File[];
  readonly uses: readonly Use[];
  /** How many instances the file asks for; with `scaling` its minimum; of a job one. */
  readonly instances: number;
  readonly scaling: Scaling | undefined;
  readonly resources: Resources;
  readonly health: {
    readonly startup: Probe | undefined;
    readonly readiness: Probe | undefined;
    readonly liveness: Probe | undefined;
  };
  readonly run: Run;
  readonly stop: { readonly timeout: number };
  readonly security: Security;
  readonly volumes: readonly Volume[];
  readonly placement: Placement;
  readonly routes: readonly Route[];
  readonly traffic: Traffic | undefined;
  readonly rollout: Rollout | undefined;
  readonly metrics: Metrics | undefined;
  /** What keys say that features of the platform or of the app brought, by key: literals read, defaults filled in. */
  readonly extra: Readonly<Record<string, unknown>>;
}

export interface Build {
  readonly context: string;
  readonly dockerfile?: string;
  readonly target?: string;
  readonly args?: Readonly<Record<string, string>>;
  /** What it is built for: `linux/amd64`; undefined: what the cluster's nodes are. */
  readonly platform?: readonly string[];
}

export interface Port {
  readonly name: string;
  readonly port: number;
  readonly protocol: 'http' | 'http2' | 'grpc' | 'tcp' | 'udp';
}

export interface SecretVariable {
  readonly name: string;
  readonly secret: string;
  /** With a key it is a Kubernetes Secret that somebody else made. */
  readonly key: string | undefined;
}

export interface File {
  /** Where the program finds it. */
  readonly path: string;
  readonly from:
    | { readonly type: 'file'; readonly file: string }
    | { readonly type: 'content'; readonly content: string }
    | { readonly type: 'secret'; readonly secret: string };
  readonly mode: number;
}

export interface Use {
  readonly name: string;
  readonly kind: 'service' | 'component';
  /** Variables of the app's own names; undefined: the usual ones. */
  readonly variables: Readonly<Record<string, UsePart>> | undefined;
}

export type UsePart = 'url' | 'host' | 'port' | 'user' | 'password' | 'database';

export interface Resources {
  readonly cpu: string;
  readonly memory: string;
  readonly disk?: string;
  /** Bits per second. */
  readonly bandwidth?: string;
}

/** Whether it keeps running, or when it runs and ends by itself. */
export type Run =
  | { readonly type: 'always' }
  | {
      readonly type: 'schedule';
      readonly schedule: string;
      readonly timeZone: string;
      readonly overlap: 'allow' | 'skip' | 'replace';
    }
  | { readonly type: 'before_deploy' | 'once' | 'on_demand' };

export interface Scaling {
  readonly min: number;
  readonly max: number;
  readonly metrics: readonly ScalingMetric[];
  readonly schedules: readonly ScalingSchedule[];
  readonly cooldown: number;
}

export interface ScalingMetric {
  readonly type: string;
  readonly threshold: number;
  readonly unit: 'percent' | 'seconds' | 'bytes_per_second' | 'count';
  readonly duration: number;
  readonly service?: string;
  readonly queue?: string;
  readonly topic?: string;
  readonly consumer?: string;
  readonly query?: string;
}

export interface ScalingSchedule {
  readonly start: string;
  readonly end: string;
  readonly timeZone: string;
  readonly instances: number;
}

export interface Security {
  readonly runAsRoot: boolean;
  readonly user: number | undefined;
  readonly writableRoot: boolean;
  readonly capabilities: readonly string[];
}

export interface Volume {
  readonly name: string;
  readonly path: string;
  readonly size: string;
  readonly storageClass: string | undefined;
  readonly shared: boolean;
  readonly readOnly: boolean;
}

export interface Placement {
  readonly spread: readonly ('nodes' | 'zones')[];
  readonly near: readonly string[];
  readonly apart: readonly string[];
  readonly nodePools: readonly string[];
  readonly tolerations: readonly Toleration[];
}

export interface Toleration {
  readonly key: string;
  readonly value: string | undefined;
  readonly effect: string | undefined;
}

// What follows keeps the names and the form that the file gives it, with literals read and defaults filled in.

export interface Route {
  readonly host?: string;
  readonly path: string;
  readonly tcp?: number;
  readonly node_port?: number;
  readonly port?: number;
  /** Undefined: where there is a certificate (`routing.ts`). */
  readonly tls?: boolean;
  readonly certificate?: string;
  readonly rewrite?: string;
  readonly match?: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly cookies?: Readonly<Record<string, string>>;
    readonly methods?: readonly string[];
  };
  readonly rate_limit?: {
    readonly requests: number;
    readonly per: number;
    readonly by: 'route' | 'client';
  };
}

export interface Traffic {
  readonly timeout?: number;
  readonly retries?: { readonly attempts: number; readonly timeout?: number; readonly on: readonly string[] };
  readonly load_balancing?: {
    readonly policy?: 'round_robin' | 'least_request' | 'random';
    readonly consistent_hash?: { readonly cookie?: string; readonly header?: string; readonly source?: true };
  };
  readonly circuit_breaker?: { readonly connections?: number; readonly waiting_requests?: number };
  readonly eject?: {
    readonly failures: number;
    readonly interval: number;
    readonly duration: number;
    readonly at_most: number;
  };
  readonly faults?: {
    readonly delay?: { readonly time: number; readonly share: number };
    readonly abort?: { readonly status: number; readonly share: number };
  };
  readonly mirror?: { readonly to: string; readonly share: number };
}

export interface Rollout {
  readonly strategy: 'rolling' | 'canary' | 'blue_green' | 'recreate';
  readonly steps?: readonly number[];
  readonly interval: number;
  readonly checks?: {
    readonly error_rate?: number;
    readonly latency_p50?: number;
    readonly latency_p95?: number;
    readonly latency_p99?: number;
  };
}

export interface Metrics {
  readonly port?: number;
  readonly path: string;
  readonly interval: number;
}

export interface Service {
  readonly name: string;
  readonly type: string;
  readonly version?: string;
  readonly high_availability: boolean;
  readonly instances?: number;
  readonly storage?: string;
  readonly storage_class?: string;
  readonly resources: Resources;
  readonly external?: {
    readonly host: string;
    readonly port: number;
    readonly database?: string;
    readonly user?: string;
    readonly password?: string;
    readonly scheme?: string;
  };
}

export interface Probe {
  readonly check: Check;
  readonly delay: number;
  readonly interval: number;
  readonly timeout: number;
  readonly failures: number;
}

export type Check =
  | { readonly type: 'http'; readonly path: string; readonly port: number }
  | { readonly type: 'tcp'; readonly port: number }
  | { readonly type: 'grpc'; readonly port: number }
  | { readonly type: 'command'; readonly command: readonly string[] };
