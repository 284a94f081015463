import type { Page } from './page.ts';

/** What a platform file doesn't allow. */
export const platformPages: Readonly<Record<string, Page>> = {
  'registry-not-allowed': {
    title: 'an image comes from a registry that is not allowed',
    why: "The platform lists the registries that images may come from: guard_rails.allowed_registries. A name without a host is Docker Hub's.",
    fix: ['Push the image to one of those that are allowed, and name it there.'],
    wrong: 'web: {image: nginx:1.29}',
    right: 'web: {image: registry.example.com/nginx:1.29}',
  },
  'image-without-version': {
    title: 'an image has no version',
    why: 'Without a tag, or with the tag latest, the same file may run another program tomorrow, and a way back is not known. The platform asks for a version: guard_rails.no_latest.',
    fix: ['Say a tag other than latest, or a digest.'],
    wrong: 'web: {image: registry.example.com/shop}',
    right: 'web: {image: registry.example.com/shop:1.4}',
  },
  'label-missing': {
    title: 'a label is missing',
    why: 'The platform asks for this label on every object: guard_rails.required_labels.',
    fix: ['Ask the platform team how apps get it.'],
  },
  'too-many-instances': {
    title: 'more instances than the platform allows',
    why: 'The platform limits the instances of one component: guard_rails.max_instances. The number may come from an overlay or from the defaults of the platform.',
    fix: ['Lower instances, or the maximum of scaling_policy.', 'Ask the platform team for more.'],
  },
  'instance-too-large': {
    title: 'an instance is larger than the platform allows',
    why: 'The platform limits the size of one instance: guard_rails.max_cpu and max_memory. Units count with what one of them is there.',
    fix: ['Ask for less in resources or units.', 'Spread the load over more, smaller instances.'],
  },
  'root-not-allowed': {
    title: 'root is not allowed',
    why: "The platform doesn't let apps run as root: guard_rails.run_as_root.",
    fix: ['Let the image name another user, by number.'],
  },
  'pull-secret-missing': {
    title: 'the pull secret that is to be copied is not there',
    why: 'The platform file says with which Secret of which namespace instances pull from a registry (pull_secret: NAMESPACE/NAME). Each deploy copies it into the namespace of the app, and keeps the copy in step.',
    fix: [
      'Is the name in the platform file right?',
      'kubectl create secret docker-registry NAME -n NAMESPACE makes it.',
    ],
  },
  'pull-secret-unreadable': {
    title: 'the pull secret that is to be copied may not be read',
    why: 'Each deploy copies the Secret that the platform file names (pull_secret: NAMESPACE/NAME) into the namespace of the app, with the rights of whoever deploys. Nothing was touched yet.',
    fix: [
      'Let the platform team give the right to get this one Secret.',
      'Or let them put a copy into each namespace, and name it without a namespace: pull_secret: NAME.',
    ],
  },
  'pull-secret-of-another-type': {
    title: 'the pull secret can not be pulled with',
    why: 'Nodes take logins only from Secrets of the type kubernetes.io/dockerconfigjson (or the older kubernetes.io/dockercfg).',
    fix: ['Make it by kubectl create secret docker-registry.'],
  },
  'pull-secret-foreign': {
    title: 'something else has the name of the copied pull secret',
    why: "A copy is called after the app, the environment and what it is a copy of. A Secret of that name is there, without the app's label: it isn't overwritten.",
    fix: ['Remove it, if nobody needs it.'],
  },
  'no-prometheus': {
    title: 'nobody says where Prometheus is',
    why: 'Kubernetes itself measures cpu and memory only. Everything else that instances are scaled by is read from Prometheus; so is cpu or memory that must last longer than a minute beside other metrics or schedules, because Kubernetes has one time for all of them.',
    fix: [
      'Use the platform file of your platform team: --platform FILE, or PAAS_PLATFORM.',
      'Let it say where Prometheus is: prometheus: {server: URL}.',
      'Or scale by cpu and memory alone.',
    ],
  },
  'several-contexts': {
    title: 'several contexts lead to the same cluster',
    why: "The platform file says the cluster's address, and several contexts of the kubeconfig have it, with other users. A guess could take the wrong one.",
    fix: ['Say which: --context NAME.', 'Or make one the current one: kubectl config use-context NAME.'],
  },
  'namespace-missing': {
    title: 'the namespace is not there',
    why: 'The platform makes namespaces itself (namespaces.create: false), and this one is not there yet.',
    fix: ['Ask the platform team for it.'],
  },
};
