// A container as the API tells of it.

/** What of a container's status is read. Source: Kubernetes API, ContainerStatus. */
export interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

export interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: Terminated;
}

export interface Terminated {
  readonly exitCode: number;
  readonly signal?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly startedAt?: string;
}

/** Which container of which instance. */
export interface ContainerPlace {
  readonly pod: string;
  readonly container: string;
}

/** What of a container's spec is read. Source: Kubernetes API, Container. */
export interface ContainerSpec {
  readonly name: string;
  readonly resources?: {
    readonly limits?: Readonly<Record<string, string>>;
    readonly requests?: Readonly<Record<string, string>>;
  };
  readonly securityContext?: { readonly readOnlyRootFilesystem?: boolean };
  readonly volumeMounts?: readonly { readonly name?: string; readonly mountPath: string }[];
  readonly restartPolicy?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
}
