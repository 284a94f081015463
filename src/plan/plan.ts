/** A Kubernetes object as it is sent: what we say of it, nothing else. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** What a deploy does, in order. Plain data: the same app, catalog and inputs give the same bytes. */
export interface Plan {
  readonly app: string;
  readonly environment: string;
  readonly namespace: string;
  readonly protected: boolean;
  readonly phases: readonly Phase[];
  /** How many instances the file asks for. Not part of the manifests: it has a writer of its own. */
  readonly scale: readonly Scale[];
}

export interface Phase {
  readonly name: PhaseName;
  readonly manifests: readonly Manifest[];
}

export interface Scale {
  readonly component: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** How many the file asks for; where they are scaled, how many to begin with. */
  readonly replicas: number;
  /** The other components of the app that it uses. */
  readonly uses?: readonly string[];
  /** What scales it: then the number belongs to that, within these bounds. */
  readonly autoscaler?: {
    readonly kind: string;
    readonly name: string;
    readonly min: number;
    readonly max: number;
  };
}

/** In their order. What is in one is there, and jobs have ended and workloads are ready, before the next begins. */
export const phaseNames = [
  'identity',
  'config',
  'volumes',
  'jobs',
  'workloads',
  'autoscalers',
  'traffic',
  'monitors',
] as const;
export type PhaseName = (typeof phaseNames)[number];

/** Every manifest of a plan, in the order in which they are applied. */
export function manifestsOf({ phases }: Pick<Plan, 'phases'>): Manifest[] {
  return phases.flatMap(({ manifests }) => manifests);
}

/** The kind of each of them. */
export function kindsOf(plan: Plan): Pick<Manifest, 'apiVersion' | 'kind'>[] {
  return manifestsOf(plan).map(({ apiVersion, kind }) => ({ apiVersion, kind }));
}
