import type { KubeObject } from '../cluster/cluster.ts';
import { about } from './lookup.ts';

/** What readiness is read from: the workloads of an app, what they made, and what happened to it. */
export interface Facts {
  /** Deployments, StatefulSets and Jobs, and whatever else is waited for. */
  readonly workloads: readonly KubeObject[];
  readonly replicaSets: readonly KubeObject[];
  readonly pods: readonly KubeObject[];
  readonly events: readonly KubeObject[];
  /** PersistentVolumeClaims. */
  readonly claims?: readonly KubeObject[];
  /** Kinds that may not be watched: of them nothing is known. */
  readonly unwatched?: ReadonlySet<string>;
  /** What happened before anybody waited: it isn't counted. */
  readonly before?: Before;
  /** What was found out by asking further, by `findingKey`. */
  readonly findings?: ReadonlyMap<string, Finding>;
}

/** How everything was when a wait began. A cause that was mended meanwhile must not fail what is tried again. */
export interface Before {
  /** Restarts that don't count, by `containerKey`. */
  readonly restarts: ReadonlyMap<string, number>;
  /** Containers (`containerKey`) that had used up what is forgiven already: one more restart shows that nothing was mended. */
  readonly spent: ReadonlySet<string>;
  /** Instances (uid) that had ended already. */
  readonly gone: ReadonlySet<string>;
  /** Deployments (uid) that Kubernetes called stuck already. */
  readonly stuck: ReadonlySet<string>;
  /** Versions of events (uid): one that is still of that version is an old one. */
  readonly events: ReadonlyMap<string, string>;
  /** When each run of a program was first seen running, by `findingKey`: milliseconds since 1970, by the own clock. */
  readonly running: ReadonlyMap<string, number>;
}

/** What the objects don't tell. */
export interface Finding {
  /** The last lines of a run that has ended. */
  readonly lines?: readonly string[];
  /** Where a program listens that refuses its probe. */
  readonly listener?: Listener;
  /** What a program answers to what its check asks. */
  readonly answer?: Answer;
}

export interface Answer {
  /** Of HTTP. */
  readonly status: number;
  readonly body: string;
}

export interface Listener {
  readonly port: number;
  /** The port that its probe asks. */
  readonly asked: number;
  /** When it was found, in milliseconds since the epoch: only a refusal after that proves anything. */
  readonly at: number;
  /** The version of the event of its probe at that time, for a node whose clock is ahead of ours. */
  readonly refusal: string;
}

/** A container of an instance. */
export function containerKey(pod: KubeObject, container: string): string {
  return `${pod.metadata.uid}/${container}`;
}

/** One run of a container. */
export function findingKey(pod: KubeObject, container: string, restarts: number): string {
  return `${containerKey(pod, container)}/${restarts}`;
}

/** When something happened. Source: Kubernetes API, core/v1 Event. */
export function eventTime(event: KubeObject): number {
  const { series, lastTimestamp, eventTime: at, metadata } = event;
  return Date.parse(series?.lastObservedTime ?? lastTimestamp ?? at ?? metadata.creationTimestamp ?? '');
}

/** The events about an object since the wait began, the oldest first. */
export function eventsAbout(
  { metadata }: KubeObject,
  { events, before }: Pick<Facts, 'events' | 'before'>,
): KubeObject[] {
  return about(events, metadata.uid)
    .filter(
      (event) => before?.events.get(event.metadata.uid ?? '') !== (event.metadata.resourceVersion ?? ''),
    )
    .sort((a, b) => eventTime(a) - eventTime(b));
}
