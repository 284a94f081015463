import type { Page } from './page.ts';

/** The way to a cluster, and what it answers. */
export const clusterPages: Readonly<Record<string, Page>> = {
  'no-cluster': {
    title: 'no cluster is known',
    why: 'Clusters are found in the kubeconfig (KUBECONFIG, else ~/.kube/config); there is none, or it has no current context.',
    fix: ['Log in with the tool of your cluster, or set KUBECONFIG.'],
  },
  'kubeconfig-broken': {
    title: "the kubeconfig can't be read",
    why: "It isn't valid, or a file that it names isn't there.",
    fix: ['kubectl config view tells more.'],
  },
  'unknown-context': {
    title: 'the kubeconfig has no such context',
    why: '--context (or PAAS_CONTEXT) names a context of the kubeconfig.',
    fix: ['Take one of those that it has: kubectl config get-contexts.'],
  },
  'unknown-cluster': {
    title: 'the kubeconfig has no such cluster',
    why: "An environment names its cluster, and this machine's kubeconfig doesn't know it: by its name, or, where a platform file says it, by the address of its API server.",
    fix: [
      'Log in to that cluster.',
      'Correct the name in environments.',
      'Or say the context: --context NAME.',
    ],
  },
  'cluster-unreachable': {
    title: "the cluster doesn't answer",
    why: 'Nothing answers at the address that the kubeconfig has.',
    fix: ['Is it running, is the VPN up, is this the right context?'],
  },
  'cluster-untrusted': {
    title: "the cluster isn't the one that the kubeconfig expects",
    why: 'Its certificate is signed by another authority: it was made anew, or something stands in between.',
    fix: ['Fetch its kubeconfig again.'],
  },
  'login-failed': {
    title: 'the login program failed',
    why: 'The kubeconfig names a program that gets credentials, and it ended with an error.',
    fix: ['Run it by hand, or log in again with the tool of your cluster.'],
  },
  'login-expired': {
    title: "the credentials aren't accepted",
    why: 'The cluster answered 401.',
    fix: ['Log in again with the tool of your cluster.'],
  },
  'missing-right': {
    title: 'you may not do this',
    why: 'The cluster answered 403, or said when asked beforehand that it would: the user of this context lacks a right.',
    fix: ['Ask for the rights that are named, or use another context: --context NAME.'],
  },
  'request-failed': {
    title: "the cluster's API failed",
    why: "It answered with an error that isn't about your app.",
    fix: ['Run the same command again; it goes on where it was.'],
  },
  'object-rejected': {
    title: "the cluster doesn't accept an object",
    why: 'The API server or a policy of the cluster refused it; the details are its own words.',
    fix: ['Read the details; a policy of the platform may ask for something.'],
  },
  'unknown-kind': {
    title: "the cluster doesn't know this kind of object",
    why: "What defines it (an operator, Istio, KEDA) isn't installed there, or in another version.",
    fix: ['Ask the platform team to install it.'],
  },
  'other-cluster': {
    title: "this isn't the cluster that was deployed to",
    why: "The first deploy notes the cluster's identity in .paas/clusters.yaml, and a platform file may say it too, which wins. This one is another.",
    fix: [
      'Look whether the context is the right one.',
      'If the cluster was made anew: --accept-new-cluster.',
    ],
  },
  'namespace-ending': {
    title: 'the namespace is being deleted',
    why: 'Somebody has deleted it. Nothing can be made in it any more, and all that is in it goes: the app, its releases, and its stored secrets. An object with a finalizer holds it until whoever put that there has taken it off.',
    fix: [
      'Wait until it is gone, store the secrets again (paas secrets set), and deploy: paas deploy makes the namespace anew.',
      'What holds it stands below the message, and in kubectl describe namespace NAME. See to it that what takes the finalizer off is running.',
    ],
  },
};
