// What the rest of the program knows of paas.yaml: valid, complete, without shorthands.

export interface App {
  readonly name: string;
  readonly environment: Environment;
  /** In the order of the file. */
  readonly components: readonly Component[];
}

export interface Environment {
  readonly name: string;
  /** A cluster's name, when the file names one. */
  readonly cluster: string | undefined;
  readonly namespace: string;
  readonly protected: boolean;
}

export interface Component {
  readonly name: string;
  readonly image: string;
  readonly entrypoint: readonly string[] | undefined;
  readonly command: readonly string[] | undefined;
  readonly port: number | undefined;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly instances: number;
  /** Kubernetes quantities. */
  readonly resources: { readonly cpu: string; readonly memory: string };
  readonly health: {
    readonly startup: Probe | undefined;
    readonly readiness: Probe | undefined;
    readonly liveness: Probe | undefined;
  };
}

/** All times in seconds. */
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
