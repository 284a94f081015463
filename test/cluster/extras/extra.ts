import type { Site } from './site.ts';

/** Something that a cluster doesn't have from the start, and gets when it is first asked for. */
export type Extra = {
  /** What has to be there before it. */
  readonly needs?: readonly ExtraName[];
  /** Paths of the API that answer where it is there, however somebody else may have installed it. */
  readonly signs: readonly string[];
  /** Its Deployments in our own clusters, as `namespace/name`. */
  readonly deployments: readonly string[];
  /** The version of what is installed. Another one is installed over it. */
  readonly version: () => string;
  /** Installs it and waits until it can be used. Doing so again does no harm. */
  readonly install: (site: Site) => Promise<void>;
};

export const EXTRA_NAMES = ['crds', 'metrics-server', 'keda', 'istio', 'prometheus'] as const;

export type ExtraName = (typeof EXTRA_NAMES)[number];
