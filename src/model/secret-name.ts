import { nodeAt } from './schema.ts';

const pattern = nodeAt(['components', 'a', 'env', 'A', 'secret'])?.pattern ?? '';

/** Whether a secret may be called so: what paas.yaml can refer to. */
export function isSecretName(name: string): boolean {
  return new RegExp(pattern).test(name) && name.length <= 63;
}
