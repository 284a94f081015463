import { kubectl } from './cluster.ts';

/** The cluster's Prometheus, as its operator makes it known. */

const SERVICE = 'prometheus-operated';
const NAMESPACE = 'monitoring';

/** Its address inside the cluster. */
export const prometheusUrl = `http://${SERVICE}.${NAMESPACE}:9090`;

/** One series of an answer, with its newest value. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Asks in its query language. It is reached through the API server, and so from wherever kubectl works. */
export async function queryPrometheus(query: string): Promise<Sample[]> {
  const { result } = await ask<{ result: { metric: Record<string, string>; value: [number, string] }[] }>(
    `query?query=${encodeURIComponent(query)}`,
  );
  return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
}

/** The names of the rules that it evaluates. */
export async function prometheusRules(): Promise<string[]> {
  const { groups } = await ask<{ groups: { rules: { name: string }[] }[] }>('rules');
  return groups.flatMap(({ rules }) => rules.map(({ name }) => name));
}

async function ask<T>(path: string): Promise<T> {
  const base = `/api/v1/namespaces/${NAMESPACE}/services/${SERVICE}:9090/proxy/api/v1`;
  return (JSON.parse(await kubectl('get', '--raw', `${base}/${path}`)) as { data: T }).data;
}
