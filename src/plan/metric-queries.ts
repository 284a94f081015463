import { readQuantity } from './quantity.ts';

// What Prometheus is asked to scale by. Every query gives one number for all instances together: KEDA divides it by
// the threshold, which is per instance.

/** Whom a query is about. */
export interface Measured {
  readonly namespace: string;
  /** The workload as Istio's metrics name it. */
  readonly workload: string;
  readonly kind: 'Deployment' | 'StatefulSet';
  readonly container: string;
  /** What one instance asks for, as Kubernetes quantities. */
  readonly cpu: string;
  readonly memory: string;
  /** Seconds between two measurements of Prometheus. */
  readonly interval: number;
}

/** The letters of generated names. Source: k8s.io/apimachinery, util/rand. */
const generated = '[b-df-hj-np-tv-xz24-9]';
/** What a generated name begins with is cut to so many; with a revision of ten letters, names up to 46 stay whole. */
const longestPrefix = 58;
const longestWhole = 46;
/** The shortest span of a rate, in seconds: a rate needs two measurements, and one of them may be missing. */
const leastSpan = 60;

/** The query of a metric of ours; undefined for one that has no query of its own. */
export function queryOf(type: string, duration: number, of: Measured): string | undefined {
  const span = spanOf(duration, of.interval);
  const requests = `{reporter="destination",destination_workload_namespace="${of.namespace}",destination_workload="${of.workload}"}`;
  const container = selectorOf(of, `,container="${of.container}"`);
  switch (type) {
    case 'cpu':
      return `100 * ${perPod(`rate(container_cpu_usage_seconds_total${container}[${span}])`)} / ${readQuantity(of.cpu)}`;
    case 'memory':
      return `100 * ${perPod(`container_memory_working_set_bytes${container}`)} / ${readQuantity(of.memory)}`;
    case 'network_in':
      return perPod(
        `rate(container_network_receive_bytes_total${selectorOf(of)}[${span}])`,
        'pod, interface',
      );
    case 'network_out':
      return perPod(
        `rate(container_network_transmit_bytes_total${selectorOf(of)}[${span}])`,
        'pod, interface',
      );
    case 'request_per_second':
      return orNone(`sum(rate(istio_requests_total${requests}[${span}]))`, of);
    case 'concurrent_requests':
      // Little's law: the seconds that requests took, per second, are the requests that were under way.
      return orNone(`sum(rate(istio_request_duration_milliseconds_sum${requests}[${span}])) / 1000`, of);
    default:
      return undefined;
  }
}

/**
 * The same, but instances are added only for what was needed all the time, and taken away for what is needed now: a
 * plain minimum over the time would take instances away for minutes after one dip.
 *
 * With m the least value of the time, v the present one and t what the instances that there are can bear, that is
 * max(m, min(v, t)): above t only where m is, below t where v is, and t itself, which changes nothing, in between.
 */
export function heldFor(query: string, seconds: number, threshold: string, of: Measured): string {
  const container = selectorOf(of, `,container="${of.container}"`);
  const instances = `scalar(count(count by (pod) (container_memory_working_set_bytes${container})))`;
  const least = `min_over_time((${query})[${seconds}s:30s])`;
  return `clamp_min(${least}, scalar(clamp_max(${query}, ${threshold} * ${instances})))`;
}

/**
 * The sum over the instances, each counted once: the kubelet tells the same at two of its addresses, and of a container
 * that was restarted there are two for a while.
 */
function perPod(series: string, by = 'pod'): string {
  return `sum(max by (${by}) (${series}))`;
}

/**
 * Where nobody has asked yet there is nothing to count, which is 0 only as long as the instances are measured at all:
 * when Prometheus has lost them, it must not look as if nobody came.
 */
function orNone(query: string, of: Measured): string {
  return `${query} or 0 * sum(up${selectorOf(of)} == 1)`;
}

function selectorOf({ namespace, workload, kind }: Measured, more = ''): string {
  const pods = kind === 'StatefulSet' ? `${workload}-[0-9]+` : podsOf(workload);
  return `{namespace="${namespace}",pod=~"${pods}"${more}}`;
}

/** A Deployment's instances are called after it, its revision and five letters; long names are cut before those. */
function podsOf(deployment: string): string {
  if (deployment.length <= longestWhole) return `${deployment}-${generated}+-${generated}{5}`;
  return `${`${deployment}-`.slice(0, longestPrefix)}(${generated}*-)?${generated}{5,}`;
}

function spanOf(duration: number, interval: number): string {
  return `${Math.max(Math.min(duration, leastSpan), 4 * interval)}s`;
}
