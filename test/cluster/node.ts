import { writeFileSync } from 'node:fs';
import type { Node } from './daemon.ts';
import type { Addresses, Layout } from './layout.ts';
import type { Parts } from './parts.ts';

/** The programs of a node. */
export type NodeParts = NonNullable<Parts['node']>;

/** What every program of a node needs to know to be started. */
export type NodeOptions = {
  readonly layout: Layout;
  readonly parts: NodeParts;
  readonly place: Addresses;
  readonly node: Node;
};

/** Kubernetes, containerd's network and the registry all read JSON where YAML is usual. */
export function writeJson(path: string, value: object): void {
  writeFileSync(path, JSON.stringify(value, null, 2), { mode: 0o600 });
}
