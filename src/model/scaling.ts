import { keyPlaceAt, type MapValue, type Path, placeAt } from '../document/value.ts';
import { minimumAboveMaximum, missingKey, nothingScales, wrongValue } from '../problems/model.ts';
import type { Problem } from '../problems/problem.ts';
import type { Scaling, ScalingMetric } from './app.ts';
import type { ScalingInput, ScalingMetricInput } from './input.ts';
import { LiteralError, parseDuration, parsePercent } from './literals.ts';
import { describePath } from './paths.ts';

type Unit = ScalingMetric['unit'];

/** How the threshold of each metric is read; the others are numbers. */
const units: Readonly<Record<string, Unit>> = {
  cpu: 'percent',
  memory: 'percent',
  disk: 'percent',
  error_rate: 'percent',
  network_in: 'bytes_per_second',
  network_out: 'bytes_per_second',
  latency_average: 'seconds',
  latency_p50: 'seconds',
  latency_p95: 'seconds',
  latency_p99: 'seconds',
};

/** What must be said beside the threshold. */
const needs: Readonly<Record<string, readonly (keyof ScalingMetricInput)[]>> = {
  rabbitmq: ['service', 'queue'],
  kafka: ['service', 'topic', 'consumer'],
  nats: ['service', 'queue', 'consumer'],
  redis: ['service', 'queue'],
  postgresql: ['service', 'query'],
  mysql: ['service', 'query'],
  mongodb: ['service', 'query'],
  prometheus: ['query'],
};

/** Requests are counted over the last 10 s, as everyone expects of "per second"; the rest over a minute. */
const defaultDuration = (type: string): number => (type === 'request_per_second' ? 10 : 60);

/** The scaling policy of a component. */
export function buildScaling(input: ScalingInput, root: MapValue, path: Path, problems: Problem[]): Scaling {
  const min = input.min_instances ?? 1;
  const max = input.max_instances ?? min;
  if (input.max_instances !== undefined && min > max) {
    const at = placeAt(root, [...path, 'min_instances']);
    problems.push(minimumAboveMaximum(at, min, max, placeAt(root, [...path, 'max_instances'])));
  }
  if (!input.metrics && !input.schedules)
    problems.push(nothingScales(keyPlaceAt(root, path), describePath(path)));
  checkSleep(input, root, path, problems);
  checkTime(input.cooldown, root, [...path, 'cooldown'], problems);
  const schedules = input.schedules ?? [];
  schedules.forEach(({ start, end }, index) => {
    if (start === undefined || start !== end) return;
    const at = [...path, 'schedules', index, 'end'];
    problems.push(wrongValue(placeAt(root, at), describePath(at), 'another time than its start'));
  });
  schedules.forEach(({ instances }, index) => {
    if (instances === undefined || input.max_instances === undefined || instances <= max) return;
    const at = placeAt(root, [...path, 'schedules', index, 'instances']);
    problems.push(minimumAboveMaximum(at, instances, max, placeAt(root, [...path, 'max_instances'])));
  });
  return {
    min,
    max,
    metrics: (input.metrics ?? []).map((metric, index) =>
      buildMetric(metric, root, [...path, 'metrics', index], problems),
    ),
    schedules: schedules.map((one) => ({
      start: one.start ?? '',
      end: one.end ?? '',
      timeZone: one.time_zone ?? 'UTC',
      instances: one.instances ?? 1,
    })),
    cooldown: input.cooldown ?? 0,
  };
}

/** What is measured on instances: where there is none, nothing is measured and nothing wakes it. */
const onInstances: ReadonlySet<string> = new Set([
  'cpu',
  'memory',
  'network_in',
  'network_out',
  'request_per_second',
  'concurrent_requests',
]);

/** No instances at all are right only where what wakes the component is seen without it. */
function checkSleep(
  { min_instances: min, metrics = [] }: ScalingInput,
  root: MapValue,
  path: Path,
  problems: Problem[],
): void {
  const blind = metrics.find(({ type = '' }) => onInstances.has(type));
  if (min !== 0 || !blind) return;
  const at = [...path, 'min_instances'];
  const hint = `${blind.type} is measured on instances: with none of them nothing is measured, and nothing adds the first.`;
  problems.push(wrongValue(placeAt(root, at), describePath(at), 'at least 1', { hint }));
}

/** The longest that Kubernetes looks back, in seconds. Source: autoscaling/v2, HPAScalingRules. */
const longest = 3600;

function checkTime(seconds: number | undefined, root: MapValue, path: Path, problems: Problem[]): void {
  if (seconds === undefined || seconds <= longest) return;
  problems.push(wrongValue(placeAt(root, path), describePath(path), 'at most 1h'));
}

function buildMetric(
  input: ScalingMetricInput,
  root: MapValue,
  path: Path,
  problems: Problem[],
): ScalingMetric {
  const { type = '', threshold, duration, ...rest } = input;
  for (const key of needs[type] ?? []) {
    if (rest[key as keyof typeof rest] !== undefined) continue;
    problems.push(missingKey(placeAt(root, [...path, 'type']), key, `The metric ${type}`));
  }
  checkTime(duration, root, [...path, 'duration'], problems);
  const unit = units[type] ?? 'count';
  return {
    type,
    threshold: type && threshold !== undefined ? readThreshold(threshold, unit, root, path, problems) : 0,
    unit,
    duration: duration ?? defaultDuration(type),
    ...rest,
  };
}

function readThreshold(text: string, unit: Unit, root: MapValue, path: Path, problems: Problem[]): number {
  try {
    const value = thresholds[unit](text);
    if (value > 0) return value;
    throw new LiteralError('more than 0');
  } catch (error) {
    if (!(error instanceof LiteralError)) throw error;
    const at = placeAt(root, [...path, 'threshold']);
    const how = { hint: error.meant && `Did you mean ${error.meant}?` };
    problems.push(wrongValue(at, describePath([...path, 'threshold']), error.message, how));
    return 0;
  }
}

const thresholds: Readonly<Record<Unit, (text: string) => number>> = {
  percent: parsePercent,
  seconds: (text) => {
    const bare = /^\d+(\.\d+)?$/.test(text);
    if (bare) throw new LiteralError('a time such as 500ms', { meant: `${text}ms` });
    return parseDuration(text);
  },
  bytes_per_second: (text) => {
    const match = /^(\d+(?:\.\d+)?)\s*([kMG])?B?(?:\/s)?$/.exec(text);
    if (!match) throw new LiteralError('an amount per second such as 10MB');
    return Number(match[1]) * ({ k: 1e3, M: 1e6, G: 1e9 }[match[2] ?? ''] ?? 1);
  },
  count: (text) => {
    if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
    throw new LiteralError('a number', /%$/.test(text) ? { meant: text.replace('%', '') } : {});
  },
};
