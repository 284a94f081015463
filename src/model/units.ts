import type { Resources } from './app.ts';
import type { ResourcesInput } from './input.ts';

/** The size of one unit where no platform file says another: 1 CPU, 512 MB, 200 GB of disk, 100 Mbit/s. */
export const defaultUnit: Resources = { cpu: '1', memory: '512M', disk: '200G', bandwidth: '100M' };

/** What an instance may take: so many units, or what is said one by one. */
export function buildResources(
  units: number | undefined,
  said: ResourcesInput | undefined,
  unit: Resources,
): Resources {
  if (units === undefined) {
    const { cpu = '', memory = '', disk, bandwidth } = said ?? {};
    return { cpu, memory, ...(disk && { disk }), ...(bandwidth && { bandwidth }) };
  }
  return {
    cpu: times(unit.cpu, units),
    memory: times(unit.memory, units),
    ...(unit.disk && { disk: times(unit.disk, units) }),
    ...(unit.bandwidth && { bandwidth: times(unit.bandwidth, units) }),
  };
}

/** A Kubernetes quantity so many times. */
export function times(quantity: string, count: number): string {
  const match = /^(\d+)(.*)$/.exec(quantity);
  const amount = Number(match?.[1] ?? 0) * count;
  if (match?.[2] === 'm' && amount % 1000 === 0) return String(amount / 1000);
  return `${amount}${match?.[2] ?? ''}`;
}
