import type { Place, Problem } from './problem.ts';

// What is found before anything is touched: it could only fail.

export const foreignSecretMissing = (
  name: string,
  key: string | undefined,
  there: readonly string[] | undefined,
  component: string,
  namespace: string,
  at: Place | undefined,
): Problem => ({
  code: 'foreign-secret-missing',
  kind: 'refused',
  message: there
    ? `${component} needs the key ${key} of the secret ${name}, which has ${there.join(', ') || 'none'}.`
    : `${component} needs the secret ${name}, and there is none in namespace ${namespace}.`,
  ...(at && { at }),
  hint: there
    ? 'Is the name of the key right? Else add it to the secret.'
    : 'It is not one of paas secrets: whoever makes it has to make it first.',
});

export const quotaTooSmall = (quota: string, resource: string, hard: string, asked: string): Problem => ({
  code: 'quota-too-small',
  kind: 'refused',
  message: `All instances together ask for ${asked} of ${resource}, and the quota ${quota} of the namespace is ${hard}.`,
  hint: 'Ask for less (units, resources, instances), or have the quota raised.',
});

export const rangeExceeded = (
  component: string,
  container: string,
  resource: string,
  said: string,
  range: string,
  most: string,
  at: Place | undefined,
): Problem => ({
  code: 'limit-range-exceeded',
  kind: 'refused',
  message: `${component} gives its container ${container} ${said} of ${resource}, and the limit range ${range} allows ${most}.`,
  ...(at && { at }),
  hint: 'Give it less, or have the limit raised.',
});

export const storageClassMissing = (name: string | undefined, object: string): Problem => ({
  code: 'storage-class-missing',
  kind: 'refused',
  message:
    name === undefined
      ? `${object} names no storage class, and the cluster has no default one.`
      : `${object} asks for the storage class ${name}, which the cluster doesn't have.`,
  hint: 'kubectl get storageclasses lists those that there are.',
});

export const hostTaken = (host: string, by: string): Problem => ({
  code: 'host-taken',
  kind: 'refused',
  message: `${host} leads to something else already: ${by}.`,
  hint: 'Take another host name, or have that one removed first.',
});

export const noNodeFits = (component: string, reason: string, at: Place | undefined): Problem => ({
  code: 'no-node-fits',
  kind: 'refused',
  message: `No node of the cluster can run ${component}: ${reason}.`,
  ...(at && { at }),
  hint: 'kubectl describe nodes tells labels, taints and sizes.',
});

export const imageNotForNodes = (
  component: string,
  image: string,
  nodes: string,
  has: readonly string[],
  at: Place | undefined,
): Problem => ({
  code: 'image-not-for-nodes',
  kind: 'refused',
  message: `The image ${image} of ${component} is for ${has.join(', ') || 'nothing'}, and the nodes are ${nodes}.`,
  ...(at && { at }),
  hint: `Build it for ${nodes} too.`,
});
