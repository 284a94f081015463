import type { Page } from './page.ts';

/** Files and their texts, and the command line. */
export const filePages: Readonly<Record<string, Page>> = {
  'file-not-found': {
    title: 'the file is not there',
    why: 'paas looks for paas.yaml in the current folder, or for the file that --file names, and for the platform file that --platform or PAAS_PLATFORM names.',
    fix: [
      'Change to the folder of the app, or name the file: --file deploy/paas.yaml.',
      'Write one: paas init looks at the source and does it. By hand, a name and one component are enough.',
    ],
    right: 'app: shop\ncomponents:\n  web:\n    image: registry.example.com/shop:1.4\n    port: 8080',
  },
  'file-unreadable': {
    title: "the file can't be read",
    why: "It is a folder, or its rights don't let you read it.",
    fix: ['Look at it with ls -l.'],
  },
  'file-too-large': {
    title: 'the file is too large',
    why: 'A paas.yaml is short; something of more than 300 kB is most likely another file.',
    fix: [
      'Look whether --file names the right one.',
      'Contents of files belong into files beside it, not into content.',
    ],
  },
  'not-text': {
    title: 'the file is not text',
    why: "YAML is UTF-8 text. This holds bytes that UTF-8 doesn't have: it is compressed, an image, or text in another encoding.",
    fix: ['Save it as UTF-8.', 'Look whether --file names the right file.'],
  },
  'empty-file': {
    title: 'the file says nothing',
    why: 'It has no keys. An empty file is never taken as the wish to delete an app: that is paas delete.',
    fix: ['Say at least a name and a component.'],
    right: 'app: shop\ncomponents: {web: {image: registry.example.com/shop:1.4}}',
  },
  'yaml-syntax': {
    title: 'this is not YAML',
    why: "The text can't be taken apart into keys and values. What comes after the place isn't looked at until it can.",
    fix: [
      'Indent with spaces, two for each level; keys of one map begin in the same column.',
      'Put a space behind each colon, and quotes around a value that contains ": " or " #" or begins with one of * & ! % @ ` { [.',
      'Close each bracket and quote.',
    ],
    wrong: 'command: echo done: ok',
    right: 'command: "echo done: ok"',
  },
  'clusters-file-broken': {
    title: 'the notes of the clusters are broken',
    why: '.paas/clusters.yaml notes which cluster each environment was deployed to, so that another one is refused. It holds a map for each environment; often a merge left its marks in it.',
    fix: ['Take it back from version control, or put the marks of the merge right.'],
  },
  'file-unwritable': {
    title: "a file can't be written",
    why: 'The first deploy notes the identity of the cluster beside paas.yaml, before anything is made.',
    fix: [
      'Make room, or give the right to write the folder .paas.',
      'Where the checkout is read-only, as in CI: deploy once from one that is not, and commit .paas/clusters.yaml; or name the cluster and its uid in platform.yaml.',
    ],
  },
  'duplicate-key': {
    title: 'a key stands twice',
    why: 'In one map each key may stand once; YAML readers differ in which one they take, so neither is.',
    fix: ['Remove one, or merge the two.'],
    wrong: 'web:\n  image: shop:1\n  image: shop:2',
    right: 'web:\n  image: shop:2',
  },
  'unknown-alias': {
    title: 'an alias has no anchor',
    why: '*name repeats what an &name before it has marked. There is none of that name before this place.',
    fix: ['Correct the name, or move the anchor up.', 'A text that begins with * needs quotes.'],
    wrong: 'host: *.example.com',
    right: 'host: "*.example.com"',
  },
  'file-too-deep': {
    title: 'the file expands too far',
    why: 'Aliases are replaced by what they stand for. This one becomes larger or deeper than any file that a person needs.',
    fix: ['Look for an anchor that contains an alias of itself, or for aliases of aliases.'],
  },
  'bad-usage': {
    title: "the command line can't be read",
    why: "A flag or an argument isn't what the command takes.",
    fix: ['See the command with --help.'],
  },
  'unknown-command': {
    title: 'there is no such command',
    why: 'The first word after paas is the command.',
    fix: ['paas --help lists the commands.'],
  },
  'nothing-to-explain': {
    title: 'there is no such key and no such problem',
    why: 'paas explain knows the keys of paas.yaml and platform.yaml, by name or by path, and the codes that stand in brackets behind each problem.',
    fix: ['paas explain without an argument shows the whole language in short.'],
  },
  'no-such-object': {
    title: 'the app has no such object',
    why: 'What a value of an object comes from can only be told of objects that the app renders to in this environment.',
    fix: ['Take one of those that are named; paas render shows them whole. Another environment: --env.'],
  },
  'no-such-field': {
    title: 'the object has no such field',
    why: 'Only fields that paas sends can be explained; others are filled in by the cluster.',
    fix: ['paas explain KIND/NAME shows every field of an object.'],
  },
  interrupted: {
    title: 'the run was interrupted',
    why: 'Ctrl-C or a signal ended it. What was begun was put in order before it ended.',
    fix: ['Run the same command again: it goes on where it was.'],
  },
  internal: {
    title: 'a fault of paas itself',
    why: "Something happened that paas has no answer for. It isn't your file.",
    fix: ['Run it again with DEBUG=paas in the environment and report what it prints.'],
  },
};
