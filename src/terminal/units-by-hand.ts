import type { ComponentStatus } from '../observe/status.ts';

/** `2 units`: the size of a component's instances that was set by hand. */
export function unitsByHand({ units }: NonNullable<ComponentStatus['sized']>): string {
  return `${units} ${units === 1 ? 'unit' : 'units'}`;
}
