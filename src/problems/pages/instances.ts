import type { Page } from './page.ts';

/** What runs in an instance, and the way to it. */
export const instancePages: Readonly<Record<string, Page>> = {
  'no-instance': {
    title: 'no instance runs',
    why: 'exec and open go to an instance that runs, and the component has none just now.',
    fix: [
      'Look at paas status, and deploy or mend it.',
      'A program of its own: paas run COMPONENT -- PROGRAM.',
    ],
  },
  'unknown-instance': {
    title: 'there is no such instance',
    why: '--instance takes the name of a running instance; names change with each deploy.',
    fix: ['Take one of those that the message lists, or leave it to paas.'],
  },
  'connection-broken': {
    title: 'the connection to a program broke off',
    why: "The way to the instance was lost before the program's exit code came: the network, the API server, or the instance itself went away. This is not the program's failure, and no success either.",
    fix: [
      'Look at paas status and paas logs.',
      'Run it again once it is clear that nothing is left half done.',
    ],
  },
  'logs-unreadable': {
    title: 'no log can be read',
    why: 'Logs are kept by the node on which an instance runs, and the API server fetches them there. The instances are known, but no node gave a log: it is away, or the way from the API server to it is closed. Where some logs can be read, they are printed, and what is missing is told beside them.',
    fix: [
      'Look at the nodes: kubectl get nodes, kubectl describe node NAME.',
      'Where the platform keeps logs, look there.',
    ],
  },
  'output-incomplete': {
    title: 'a part of what a program wrote is lost',
    why: "What paas run shows is the program's log. Where the connection breaks, it is taken up where it was; but a node begins a new log once one is large (10 MiB, unless it was set up otherwise), and gives the newest alone. What stood in between can't be had, so the exit code of the program is not given for that of a whole run.",
    fix: [
      'Look at what the program has done; then run it again where its output is needed.',
      'Have it write large results to a file or a store, and only its progress to its output.',
    ],
  },
  'run-deleted': {
    title: 'what paas run made was deleted by somebody',
    why: 'paas run makes a job, and waits for its program. The job and its instance went away meanwhile, though this run was not told to stop: by hand, by a clean-up, or with the namespace.',
    fix: [
      'Find out who deletes jobs there: the audit log of the cluster knows.',
      'Where the program had begun, look at what it has done; then run it again.',
    ],
  },
  'program-missing': {
    title: "the program isn't in the image",
    why: 'The image has no such program, or it may not be run. Small images often have no shell either, which is what paas exec runs when nothing is named.',
    fix: [
      'Name a program of the image: paas exec web -- /app/tool.',
      'Bring tools along in a container beside it: kubectl debug.',
    ],
  },
  'not-started': {
    title: "the program couldn't be started",
    why: 'The instance was found, and its runtime refused to start the program in it.',
    fix: ['Look at paas status: the instance may be ending or starting again.'],
  },
  'port-in-use': {
    title: 'the local port is taken',
    why: 'Another program of this machine listens on it, or ports below 1024 need more rights.',
    fix: ['Take another one with --port, or 0 for any that is free.'],
  },
  'no-port': {
    title: 'the component has no port',
    why: 'There is nothing to connect to: the component says no port.',
    fix: ['Say port in paas.yaml, and deploy.'],
  },
  'which-component': {
    title: 'it must be said which component',
    why: 'The app has several, and the command is for one.',
    fix: ['Name it: paas exec web.'],
  },
  'bad-image-flag': {
    title: 'an --image flag is wrong',
    why: 'It is COMPONENT=REFERENCE, once for each component: --image web=registry.example.com/shop:1.4.',
    fix: ['Write the name of a component of paas.yaml, an equals sign, and the image.'],
  },
};
