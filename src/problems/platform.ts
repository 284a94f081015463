import type { Place, Problem } from './problem.ts';

// Problems of what an app asks for and its platform doesn't allow.

/** Where the app says it, and where the platform says that it isn't allowed. */
const places = (at: Place | undefined, rule: Place | undefined): Pick<Problem, 'at' | 'related'> => ({
  ...(at && { at }),
  ...(rule && { related: [{ message: 'The platform says it here:', at: rule }] }),
});

export const registryNotAllowed = (
  at: Place | undefined,
  rule: Place | undefined,
  image: string,
  registry: string,
  allowed: readonly string[],
): Problem => ({
  code: 'registry-not-allowed',
  kind: 'usage',
  message: `The image ${image} comes from ${registry}, which the platform doesn't allow.`,
  ...places(at, rule),
  hint: `Allowed is ${allowed.join(', ')}.`,
});

export const imageWithoutVersion = (
  at: Place | undefined,
  rule: Place | undefined,
  image: string,
): Problem => ({
  code: 'image-without-version',
  kind: 'usage',
  message: `The image ${image} may be another one tomorrow; the platform wants a version.`,
  ...places(at, rule),
  hint: 'Say a tag other than latest, such as :1.4, or a digest.',
});

export const labelMissing = (
  at: Place | undefined,
  rule: Place | undefined,
  label: string,
  objects: readonly string[],
): Problem => ({
  code: 'label-missing',
  kind: 'usage',
  message: `The platform wants the label ${label} on every object; ${objects.length} ${objects.length === 1 ? 'has' : 'have'} none.`,
  ...places(at, rule),
  details: objects,
  hint: "paas.yaml can't say labels of its own: ask the platform team how apps get this one.",
});

export const tooManyInstances = (
  at: Place | undefined,
  rule: Place | undefined,
  component: string,
  count: number,
  most: number,
): Problem => ({
  code: 'too-many-instances',
  kind: 'usage',
  message: `${component} asks for ${count} instances; the platform allows ${most}.`,
  ...places(at, rule),
});

export const instanceTooLarge = (
  at: Place | undefined,
  rule: Place | undefined,
  component: string,
  size: string,
  resource: string,
  most: string,
): Problem => ({
  code: 'instance-too-large',
  kind: 'usage',
  message: `An instance of ${component} takes ${size} ${resource}; the platform allows ${most}.`,
  ...places(at, rule),
  hint: 'Ask for less, or spread the load over more instances.',
});

export const rootNotAllowed = (
  at: Place | undefined,
  rule: Place | undefined,
  component: string,
): Problem => ({
  code: 'root-not-allowed',
  kind: 'usage',
  message: `${component} may run as root; the platform doesn't allow it.`,
  ...places(at, rule),
  hint: 'Take security.run_as_root out, and let the image name another user.',
});

export const pullSecretMissing = (namespace: string, name: string): Problem => ({
  code: 'pull-secret-missing',
  kind: 'refused',
  message: `There is no Secret ${name} in the namespace ${namespace}, and the platform lets instances pull with a copy of it.`,
  hint: `The platform team makes it: kubectl create secret docker-registry ${name} -n ${namespace} --docker-server=… --docker-username=… --docker-password=…`,
});

export const pullSecretUnreadable = (namespace: string, name: string): Problem => ({
  code: 'pull-secret-unreadable',
  kind: 'refused',
  message: `You may not read the Secret ${name} in the namespace ${namespace}, and the platform lets instances pull with a copy of it.`,
  hint: `Whoever deploys needs this right there, and no more: kubectl create role pull-secret -n ${namespace} --verb=get --resource=secrets --resource-name=${name}`,
});

export const pullSecretOfAnotherType = (namespace: string, name: string, type: string): Problem => ({
  code: 'pull-secret-of-another-type',
  kind: 'refused',
  message: `The Secret ${name} in the namespace ${namespace} is of the type ${type}: nothing can be pulled with it.`,
  hint: 'It must be of the type kubernetes.io/dockerconfigjson; kubectl create secret docker-registry makes such a one.',
});

export const pullSecretForeign = (namespace: string, name: string): Problem => ({
  code: 'pull-secret-foreign',
  kind: 'refused',
  message: `In the namespace ${namespace} there is a Secret ${name} that this app doesn't own; a copy of the platform's pull secret is to have that name.`,
  hint: 'Somebody made it by hand: remove it, or let it be removed.',
});

export const noPrometheus = (at: Place | undefined, what: string, platform: string | undefined): Problem => ({
  code: 'no-prometheus',
  kind: 'usage',
  message: platform
    ? `To scale by ${what}, Prometheus must be asked, and ${platform} doesn't say where it is.`
    : `To scale by ${what}, Prometheus must be asked, and no platform file says where it is.`,
  ...(at && { at }),
  hint: 'The platform team says it in platform.yaml: prometheus: {server: http://prometheus.monitoring:9090}.',
});

export const platformCluster = (
  name: string,
  server: string,
  known: readonly string[],
  login: string | undefined,
): Problem => ({
  code: 'unknown-cluster',
  kind: 'usage',
  message: `The kubeconfig has no cluster at ${server}, which is where the platform has ${name}; it has ${known.join(', ') || 'none'}.`,
  hint: login
    ? `Get credentials for it: ${login}`
    : 'Log in to it, or say which context to use with --context NAME.',
});

export const severalContexts = (name: string, server: string, contexts: readonly string[]): Problem => ({
  code: 'several-contexts',
  kind: 'usage',
  message: `Several contexts of the kubeconfig lead to ${name} (${server}): ${contexts.join(', ')}.`,
  hint: 'Say which with --context NAME, or make one of them the current one.',
});

export const otherClusterThanPlatform = (
  name: string,
  file: string,
  noted: string,
  found: string,
): Problem => ({
  code: 'other-cluster',
  kind: 'refused',
  message: `This is not the cluster that ${file} calls ${name}: its uid there is ${noted}, this one's is ${found}.`,
  hint: 'Is this the right context (--context)? If the cluster was made anew, the platform team writes its new uid there.',
});

export const namespaceMissing = (namespace: string): Problem => ({
  code: 'namespace-missing',
  kind: 'refused',
  message: `There is no namespace ${namespace}, and the platform doesn't let deploys make one.`,
  hint: 'Ask the platform team for it.',
});
