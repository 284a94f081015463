import type { Page } from './page.ts';

/** What paas.yaml says. */
export const appPages: Readonly<Record<string, Page>> = {
  'unknown-key': {
    title: "a key isn't known",
    why: 'Each map has a fixed set of keys, so that a misspelt one is never silently ignored. Keys that begin with x- are free.',
    fix: [
      'Take the key that the hint names; paas validate --fix does so where it is certain.',
      'paas explain components.* shows all keys of a component.',
    ],
    wrong: 'web: {image: shop, replicas: 3}',
    right: 'web: {image: shop, instances: 3}',
  },
  'wrong-type': {
    title: 'a value is of the wrong kind',
    why: 'A map, a list, a text, a number and true or false are different things; quotes make a number a text.',
    fix: ['Write what the message asks for; paas explain KEY shows examples.'],
    wrong: 'port: "8080"',
    right: 'port: 8080',
  },
  'wrong-value': {
    title: "a value isn't one of those allowed",
    why: 'The kind is right, but not the value: it is out of range, not one of a list, or not written as such a value is.',
    fix: ['Write what the message asks for; paas explain KEY shows examples.'],
    wrong: 'resources: {memory: 512m}',
    right: 'resources: {memory: 512Mi}',
  },
  'missing-key': {
    title: "something needed isn't said",
    why: "What stands here can't be used without it, in the environment that was looked at: an overlay may bring it too.",
    fix: ['Add the key; the hint shows how it is written.'],
    wrong: 'web: {port: 8080}',
    right: 'web: {port: 8080, image: registry.example.com/shop:1.4}',
  },
  'bad-name': {
    title: "this can't be a name",
    why: 'Names become names of Kubernetes objects, hosts or variables, and have to be what these allow.',
    fix: [
      'For what runs: lower-case letters, digits and hyphens, a letter first. For variables: letters, digits and underscores.',
    ],
    wrong: 'components: {Web_API: …}',
    right: 'components: {web-api: …}',
  },
  'exclusive-keys': {
    title: 'two keys exclude one another',
    why: "Both answer the same question. In an environment's overlay it is enough to say the other one: it takes the place of the first.",
    fix: ['Keep one of them.'],
    wrong: 'web: {image: shop, build: .}',
    right: 'web: {build: .}',
  },
  'not-yet': {
    title: "paas can't do this yet",
    why: "The key is part of the language, and what it says is checked. What it asks for isn't built yet, and leaving it out silently would be worse than saying so.",
    fix: ['Take it out, or keep it under a key that begins with x- until a version of paas does it.'],
  },
  'more-problems': {
    title: 'there is more than is shown',
    why: 'At most a hundred problems of a kind are shown at once: many have one cause.',
    fix: ['Mend the first ones and validate again.'],
  },
  'check-without-port': {
    title: 'a health check over HTTP has no port',
    why: "http says a path only; it is asked on the component's port, and the component has none.",
    fix: [
      "Say the component's port.",
      'Or that of the check: health: {http: /healthz, port: 9090}.',
      'Or ask in another way: tcp, grpc, command.',
    ],
    wrong: 'worker: {image: shop, health: {http: /healthz}}',
    right: 'worker: {image: shop, health: {http: /healthz, port: 9090}}',
  },
  'missing-check': {
    title: "a health check doesn't say what to ask",
    why: 'There are times, but neither http, tcp, grpc nor command, and no port that could be asked over TCP.',
    fix: ["Add one of the four, or the component's port."],
  },
  'reserved-name': {
    title: 'a name that Kubernetes has taken',
    why: 'Every namespace has a service account called default; a component of that name would take it over.',
    fix: ['Give the component another name.'],
    wrong: 'components: {default: {image: shop}}',
    right: 'components: {web: {image: shop}}',
  },
  'reserved-variable': {
    title: 'a variable is set by paas already',
    why: 'PORT is given to each component with a port, so that there is one place that says it.',
    fix: ['Remove the variable, or change port.'],
    wrong: 'web: {port: 8080, env: {PORT: 9000}}',
    right: 'web: {port: 9000}',
  },
  'variable-twice': {
    title: 'a variable is set twice',
    why: 'uses gives the addresses of services and components as variables; one of env has the same name.',
    fix: ['Remove it from env.', 'Or give those of uses names of your own: uses: {db: {DATABASE_URL: url}}.'],
  },
  'unknown-reference': {
    title: "what is referred to isn't there",
    why: "The name or port isn't one of this file, in the environment that was looked at.",
    fix: ['Correct the name.', 'Or add it under components or services.'],
  },
  'uses-itself': {
    title: 'a component uses itself',
    why: 'uses gives the address of something else.',
    fix: ['Take it out.'],
  },
  'uses-cycle': {
    title: 'jobs wait for one another',
    why: 'Of jobs that run before a deploy, one runs after those that it uses. In a circle none can be the first.',
    fix: ['Take one of the uses out, or make one job of them.'],
  },
  'same-route': {
    title: 'two components answer the same address',
    why: 'A request to this host and path could go to either.',
    fix: ['Give one of them another host or path, or tell them apart by match.'],
    wrong: 'web: {routes: [shop.example.com]}\napi: {routes: [shop.example.com]}',
    right: 'web: {routes: [shop.example.com]}\napi: {routes: [shop.example.com/api]}',
  },
  'port-needed': {
    title: 'there is no port to lead to',
    why: 'Requests are led to a port of the component, and it has none.',
    fix: ['Say the port that its program listens on.'],
  },
  'port-twice': {
    title: 'a port stands twice',
    why: 'A program listens on a port once.',
    fix: ['Remove one; the same number may stand once for TCP and once for UDP.'],
  },
  'path-twice': {
    title: 'two things are mounted at one path',
    why: 'A volume or a file hides what is at its path: of two, the program would see only one.',
    fix: ['Give one of them another path.'],
  },
  'name-taken': {
    title: 'a name is taken',
    why: 'Both would have the same objects in the cluster, or the same variables.',
    fix: ['Call one of them otherwise.'],
  },
  'minimum-above-maximum': {
    title: 'the minimum is above the maximum',
    why: 'No number of instances is both.',
    fix: ["Lower the one or raise the other; look at the environment's overlay too."],
  },
  'nothing-scales': {
    title: 'a scaling policy without a reason to scale',
    why: 'It says between what the instances may change, but not by what.',
    fix: ['Add metrics or schedules.', 'For a fixed number: instances.'],
    right: 'scaling_policy: {min_instances: 2, max_instances: 10, metrics: [{type: cpu, threshold: 80%}]}',
  },
  'schedule-never-fires': {
    title: 'a schedule that never comes true',
    why: 'The expression is well formed, but no day of any year fits it.',
    fix: ["Look at the day of the month and the month: 30 February isn't."],
    wrong: 'schedule: "0 3 30 2 *"',
    right: 'schedule: "0 3 28 2 *"',
  },
  'not-for-jobs': {
    title: 'a key that only fits what keeps running',
    why: 'A component with run or schedule ends by itself: it takes no traffic and has no number of instances.',
    fix: ['Remove the key, or run and schedule.'],
  },
  'unknown-environment': {
    title: 'there is no such environment',
    why: '--env (or PAAS_ENV) names an environment of the file.',
    fix: ['Take one of those that the file has, or add it under environments.'],
  },
  'environment-needed': {
    title: "it isn't clear which environment is meant",
    why: 'The file has several, and a guess could change the wrong one.',
    fix: ['Say which: --env NAME, or PAAS_ENV in the environment of the shell.'],
  },
};
