import type { Dispatcher } from 'undici';

/** A connection to a cluster. Made by `connect`, used by the functions of this room. */
export interface Cluster {
  /** The cluster's and the context's name in the kubeconfig. */
  readonly name: string;
  readonly context: string;
  readonly server: string;
  /** What authenticates the next request: asked for again when the cluster answers 401. */
  readonly credentials: (fresh: boolean) => Promise<Credentials>;
  /** Awaited before every write, each try of it: throws where nothing may be written any more. */
  readonly beforeWrite?: () => Promise<void>;
  /** Ends every read that names no signal of its own. */
  readonly signal?: AbortSignal;
  /** How long the first byte of an answer may take, in milliseconds, where a request doesn't say. */
  readonly timeout?: number;
}

export interface Credentials {
  readonly dispatcher: Dispatcher;
  readonly headers: Readonly<Record<string, string>>;
  /** The same for connections that aren't requests: options of `node:https`, with agent and headers. */
  readonly forSockets: () => Promise<object>;
}

/** A Kubernetes object as the API gives it. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  // biome-ignore lint/suspicious/noExplicitAny: every kind has fields of its own; readers check what they use.
  readonly [field: string]: any;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly { kind: string; name: string; uid: string; controller?: boolean }[];
  readonly finalizers?: readonly string[];
  readonly managedFields?: readonly ManagedFields[];
}

export interface ManagedFields {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly subresource?: string;
  readonly time?: string;
  readonly fieldsV1?: Readonly<Record<string, unknown>>;
}

/** Which object: enough to find it. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** `deployment/web`, as people say it. */
export function describeRef(ref: { readonly kind: string; readonly name: string }): string {
  return `${ref.kind.toLowerCase()}/${ref.name}`;
}
