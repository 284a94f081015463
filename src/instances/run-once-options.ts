import type { Cluster } from '../cluster/cluster.ts';
import type { Streams } from '../cluster/program.ts';
import type { Owner } from '../plan/labels.ts';

/** What is run once, and what it is connected to. */
export interface RunOnceOptions {
  readonly cluster: Cluster;
  readonly owner: Owner;
  readonly component: string;
  /** In place of the component's command; none: as it stands there. */
  readonly command: readonly string[];
  readonly streams: Streams;
  /** Ends the program: it is told to stop, and has the time that its component gives it. */
  readonly signal: AbortSignal;
  /** Called when it was told so. */
  readonly stopping: () => void;
}
