import { unitFactors } from '../model/sizes.ts';

/** With those that only Kubernetes writes. */
const factors: Readonly<Record<string, number>> = {
  ...unitFactors,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  E: 1e18,
  Ei: 2 ** 60,
};

/** A Kubernetes quantity as a number: cores of CPU, bytes of memory. NaN where it is none. */
export function readQuantity(quantity: string): number {
  const match = /^([+-]?\d*\.?\d+(?:[eE][+-]?\d+)?)([a-zA-Z]{0,2})$/.exec(quantity);
  return match ? Number(match[1]) * (factors[match[2]!] ?? Number.NaN) : Number.NaN;
}
