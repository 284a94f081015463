import type { Page } from './page.ts';

/** What `paas doctor`, and a deploy before it touches anything, finds. */
export const preFlightPages: Readonly<Record<string, Page>> = {
  'foreign-secret-missing': {
    title: 'a secret that others make is not there',
    why: 'The file refers to a Secret of the cluster ({secret, key}) that is not stored by paas secrets. Without it, or without its key, no instance starts.',
    fix: [
      'Correct the name or the key.',
      'Have the secret made first: kubectl get secrets lists those that there are.',
    ],
  },
  'quota-too-small': {
    title: "the namespace's quota is too small",
    why: 'All instances together ask for more than the whole quota: some of them could never start.',
    fix: ['Ask for less: units, resources, instances.', 'Have the quota raised.'],
  },
  'limit-range-exceeded': {
    title: 'a container asks for more than one may have',
    why: 'A LimitRange of the namespace says how much one container may have; the cluster refuses instances beyond it.',
    fix: ['Ask for less: units or resources.', 'Have the limit raised.'],
  },
  'storage-class-missing': {
    title: 'there is no such storage',
    why: 'A volume asks for a storage class that the cluster does not have, or names none where there is no default one: it would never be bound.',
    fix: ['Take one that is there: kubectl get storageclasses.'],
  },
  'host-taken': {
    title: 'a host name leads to something else',
    why: 'An Ingress, HTTPRoute or VirtualService that is not of this app has the same host name: which of them answers is not certain.',
    fix: ['Take another host name.', 'Remove the other one first.'],
  },
  'no-node-fits': {
    title: 'no node can run a component',
    why: 'No node has the labels that are asked for, takes what its taints keep away, and is large enough for one instance.',
    fix: ['Ask for less, or for other labels.', 'Add a toleration, or a node.'],
  },
  'image-not-for-nodes': {
    title: "an image is not for the nodes' architecture",
    why: 'The nodes run on another architecture or system than the image is made for: its program could not start.',
    fix: ['Build the image for that platform too.'],
  },
};
