import type { Page } from './page.ts';

/** Deploys, and why an app isn't ready. */
export const deployPages: Readonly<Record<string, Page>> = {
  locked: {
    title: 'someone else is deploying',
    why: 'One deploy at a time may change an app in an environment.',
    fix: ['Wait until it has ended. The lock of a process that is gone is taken over by itself.'],
  },
  'lock-lost': {
    title: 'the lock was lost',
    why: "It couldn't be renewed in time, as on a laptop that slept or when the cluster didn't answer, and somebody else has taken it over; or it was deleted. Nothing more is written. While nobody else has it, the run goes on.",
    fix: ['Look at what was done meanwhile: paas releases.', 'Run the same command again.'],
  },
  'record-moved': {
    title: 'the record was written by somebody else',
    why: "Two wrote the app's record at once; the second stops.",
    fix: ['Run the same command again.'],
  },
  'plan-broken': {
    title: "a saved plan can't be read",
    why: 'paas deploy --plan takes what paas diff --out has written, of this version of the program.',
    fix: ['Make it again with paas diff --out FILE.'],
  },
  'plan-not-built': {
    title: 'a saved plan needs images that are there',
    why: 'paas diff --out keeps exactly what paas deploy --plan will do. What is still to be built has no digest that could stand in it.',
    fix: [
      'Build and push the image in an earlier step, and name it: paas diff --out plan.json --image web=registry.example.com/shop@sha256:…',
      'Or deploy without a saved plan: paas deploy builds.',
    ],
  },
  'unknown-object': {
    title: 'there is no such object',
    why: '--recreate names an object that is deleted and made again where Kubernetes can not change it, such as statefulset/web.',
    fix: ['Take one of those that the message lists, or that paas diff shows.'],
  },
  'plan-moved': {
    title: 'the saved plan is out of date',
    why: 'paas deploy --plan does exactly what was shown, or nothing. Since the plan was made there was another release, or an object that it touches was changed, deleted or made by somebody. What controllers write, such as a status or the number of instances of an autoscaler, does not count.',
    fix: ['Make the plan again with paas diff --out FILE, look at it, and deploy that.'],
  },
  'foreign-owner': {
    title: 'an object belongs to somebody else',
    why: "It is there already and wasn't made by this app, or another program has set a field that the app says too. Nothing was changed.",
    fix: [
      "What kubectl, Helm or another tool made becomes the app's with --take-over: paas diff --take-over shows what that changes. What the app does not say is taken out of it.",
      'What belongs to another app of paas, or is kept by a controller, never does: use another name for the component, or another namespace.',
    ],
  },
  'unknown-component': {
    title: 'there is no such component',
    why: 'The command takes names that stand under components.',
    fix: ['Take one of those that the message lists.'],
  },
  'confirmation-needed': {
    title: 'a yes is needed',
    why: 'A protected environment or a deletion is never changed without one, and there is no terminal to ask at.',
    fix: ['Say it with --yes.'],
  },
  declined: {
    title: "it wasn't confirmed",
    why: 'The question was answered with no. Nothing was changed.',
    fix: ['Run it again, or with --yes.'],
  },
  'still-there': {
    title: 'something is not gone yet',
    why: 'Objects were told to go and are still there when the time was over: a finalizer holds them, or their instances take long to end.',
    fix: ['Look at what holds them: the finalizers stand behind the names.', 'Run the same command again.'],
  },
  'out-of-time': {
    title: 'time ran out',
    why: 'Not everything was ready in the time of --timeout, and nothing shows that it never will be. The cluster goes on.',
    fix: ['Look at paas status.', 'Wait longer: --timeout 20min.'],
  },
  'secret-too-large': {
    title: 'a value is too large for a secret',
    why: 'Kubernetes keeps a secret of up to 1 MiB.',
    fix: [
      'Put what is large on a volume or into object storage, and store its key or password as the secret.',
    ],
  },
  'secret-in-use': {
    title: 'a secret is still used',
    why: 'A component of paas.yaml refers to it, or the release that is live: its instances could not start again without it.',
    fix: ['Take it out of paas.yaml, deploy, then remove it.', 'Remove it all the same: --force.'],
  },
  'no-such-secret': {
    title: 'there is no such secret',
    why: 'Secrets are stored for each environment on its own.',
    fix: ['paas secrets list shows those that are stored; --env says in which environment.'],
  },
  'bad-secret-name': {
    title: "this can't be the name of a secret",
    why: 'Its name becomes part of the name of a Kubernetes Secret.',
    fix: ['Use lower-case letters, digits, - and _, with a letter first.'],
    right: 'paas secrets set stripe_key < key.txt',
  },
  'no-value': {
    title: 'there is no value to store',
    why: 'A value comes from standard input, a file or an environment variable, never from an argument: arguments are seen by everyone on the machine and stay in the history of the shell.',
    fix: ['paas secrets set stripe_key < key.txt', 'paas secrets set stripe_key --from-env STRIPE_KEY'],
  },
  'fixed-for-ever': {
    title: 'Kubernetes fixes this when the object is made',
    why: 'Some fields can be set once only: the labels by which a workload finds its instances, the volumes that a StatefulSet asks for, the address of a Service, the contents of what is marked as immutable. The cluster said so before anything was touched.',
    fix: [
      'Let the object be deleted and made again: paas deploy --recreate statefulset/web. The message says what that costs. It is done only where it is needed; for a StatefulSet, its instances and volumes stay.',
      'A volume that is there keeps its size and its class; where its storage class can, enlarge it first: kubectl patch persistentvolumeclaim. A claim is never deleted, because of its data.',
      'Or call the volume or the component otherwise: then there are new ones, and the old volumes stay.',
    ],
  },
  'not-deployed': {
    title: 'the component is not deployed',
    why: 'A program is run once in an instance like those that are deployed: with their image, variables, files and secrets. There is none in this environment.',
    fix: ['paas deploy, then the same command again. Another environment: --env.'],
  },
};
