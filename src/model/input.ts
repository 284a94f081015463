import type { Build, Metrics, Rollout, Route, Service, Traffic, UsePart } from './app.ts';
import type { HealthInput } from './probes.ts';

// A file after completion: long forms, literals read, defaults filled in. What was wrong is missing, so everything
// that has no default may be.

export interface FileInput {
  readonly app?: string;
  readonly registry?: string;
  readonly components?: Readonly<Record<string, ComponentInput>>;
  readonly services?: Readonly<Record<string, ServiceInput>>;
  readonly environments?: Readonly<Record<string, EnvironmentInput>>;
}

export interface EnvironmentInput {
  readonly cluster?: string;
  readonly namespace?: string;
  readonly protected: boolean;
}

export interface ResourcesInput {
  readonly cpu?: string;
  readonly memory?: string;
  readonly disk?: string;
  readonly bandwidth?: string;
}

export type ServiceInput = Partial<Omit<Service, 'name' | 'resources'>> & {
  readonly units?: number;
  readonly resources?: ResourcesInput;
};

export interface ComponentInput {
  readonly image?: string;
  readonly build?: Omit<Build, 'platform'> & { readonly platform?: string | readonly string[] };
  readonly package?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly port?: number;
  readonly ports?: readonly { readonly port?: number; readonly name?: string; readonly protocol: string }[];
  readonly instances?: number;
  readonly scaling_policy?: ScalingInput;
  readonly units?: number;
  readonly resources?: ResourcesInput;
  readonly env?: Readonly<Record<string, string | { readonly secret?: string; readonly key?: string }>>;
  readonly files?: Readonly<Record<string, FileEntryInput>>;
  readonly uses?: Readonly<Record<string, Readonly<Record<string, UsePart>>>>;
  readonly health?: HealthInput;
  readonly routes?: readonly Route[];
  readonly traffic?: Traffic;
  readonly rollout?: Rollout;
  readonly schedule?: string;
  readonly time_zone?: string;
  readonly overlap?: 'allow' | 'skip' | 'replace';
  readonly run?: 'before_deploy' | 'once' | 'on_demand';
  readonly stop?: { readonly timeout?: number };
  readonly security?: {
    readonly run_as_root?: boolean;
    readonly user?: number;
    readonly writable_root?: boolean;
    readonly capabilities?: readonly string[];
  };
  readonly volumes?: Readonly<Record<string, VolumeInput>>;
  readonly placement?: {
    readonly spread?: readonly ('nodes' | 'zones')[];
    readonly near?: readonly string[];
    readonly apart?: readonly string[];
    readonly node_pools?: readonly string[];
    readonly tolerations?: readonly string[];
  };
  readonly metrics?: Metrics;
}

export interface FileEntryInput {
  readonly file?: string;
  readonly content?: string;
  readonly secret?: string;
  readonly mode?: number;
}

export interface VolumeInput {
  readonly path?: string;
  readonly size?: string;
  readonly storage_class?: string;
  readonly shared?: boolean;
  readonly read_only?: boolean;
}

export interface ScalingInput {
  readonly min_instances?: number;
  readonly max_instances?: number;
  readonly metrics?: readonly ScalingMetricInput[];
  readonly schedules?: readonly {
    readonly start?: string;
    readonly end?: string;
    readonly time_zone?: string;
    readonly instances?: number;
  }[];
  readonly cooldown?: number;
}

export interface ScalingMetricInput {
  readonly type?: string;
  readonly threshold?: string;
  readonly duration?: number;
  readonly service?: string;
  readonly queue?: string;
  readonly topic?: string;
  readonly consumer?: string;
  readonly query?: string;
}
