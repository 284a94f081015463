// What `--json` streams, as a JSON schema: the contract with scripts. The types of src/events.ts and this are held
// together by test/events. Fields and events are added, never changed or removed.

const text = (description: string) => ({ type: 'string', description }) as const;
const count = (description: string) => ({ type: 'integer', minimum: 0, description }) as const;
const seconds = { type: 'number', minimum: 0, description: 'How long it took, in seconds.' } as const;
const texts = (description: string) => ({ type: 'array', items: { type: 'string' }, description }) as const;
const components = texts('The components that it is for.');
const causeClass = {
  enum: ['hopeless', 'budgeted', 'waiting'],
  description:
    'What waiting can do. hopeless: nothing; budgeted: it may pass, and fails after its budget; waiting: it is the turn of somebody else, such as the scheduler.',
} as const;
const change = {
  type: 'object',
  properties: {
    action: {
      enum: ['create', 'update', 'recreate', 'scale', 'delete'],
      description: 'What is done with the object; recreate: it is deleted, and made again.',
    },
    object: text('The object, such as deployment/web.'),
    detail: text('The same in words, such as "2 → 3 instances".'),
    changed: texts('What of the object changes, in words, where that is known: "env DEBUG added: 1".'),
  },
  required: ['action', 'object'],
} as const;

/** Where something stands in a file, counted from 1; the end is behind the last character. */
const placeFields = {
  file: text('The file, as it was named on the command line.'),
  line: count('The line, from 1.'),
  column: count('The column, from 1.'),
  end_line: count('The line in which it ends.'),
  end_column: count('The column behind its last character.'),
} as const;
const placeKeys = ['file', 'line', 'column', 'end_line', 'end_column'] as const;
const place = (description: string) =>
  ({ type: 'object', description, properties: placeFields, required: placeKeys }) as const;

/** What went wrong, as every answer of `--json` tells it. */
export const problemSchema = {
  type: 'object',
  description: 'What went wrong, and what to do.',
  properties: {
    code: text('Permanent: paas explain CODE tells what it means and how to mend it.'),
    kind: {
      enum: ['usage', 'refused', 'failed', 'undecided', 'locked', 'cluster', 'declined'],
      description: 'What it means for the run; each comes to one exit code.',
    },
    message: text('One sentence: what happened.'),
    at: place('Where it comes from.'),
    related: {
      type: 'array',
      description: 'Other places that belong to it.',
      items: {
        type: 'object',
        properties: { message: text('What is there.'), at: place('Where.') },
        required: ['message', 'at'],
      },
    },
    failure: {
      type: 'object',
      description: 'Of what failed in the cluster: the facts behind the sentence.',
      properties: {
        component: text('The component.'),
        class: causeClass,
        object: text('What shows it, such as pod/web-7d4b9-x2x.'),
        container: text('The container of it.'),
        exit_code: count('The exit code of its program.'),
        signal: count('The number of the signal that ended its program.'),
        probe: {
          type: 'object',
          description: 'The check of its health that failed.',
          properties: {
            which: text('Which check.'),
            asked: text('What it asked.'),
            got: text('What it got.'),
          },
          required: ['which', 'asked', 'got'],
        },
        change: text('The change of this release that most likely did it; at is its line then.'),
        waited_for_by: texts('Other components that wait for this one.'),
        next: text('The command that shows more.'),
      },
      required: ['component', 'class'],
    },
    details: texts('Lines of evidence, such as the last words of a program.'),
    hint: text('The most likely way to mend it.'),
    fix: {
      type: 'object',
      description: 'The same as an edit of the file, where it is certain.',
      properties: { at: place('What is replaced.'), text: text('What stands there then.') },
      required: ['at', 'text'],
    },
  },
  required: ['code', 'kind', 'message'],
} as const;

/** Each event: what it says, its fields, and which of them are always there. */
export const eventSchemas = {
  target: {
    description: 'Where it happens. Before everything but a problem that comes first.',
    properties: {
      app: text('The app.'),
      environment: text('The environment.'),
      cluster: text('The cluster, by its name in the kubeconfig.'),
      context: text("The kubeconfig's context."),
      server: text("The address of the cluster's API."),
      namespace: text('The namespace.'),
    },
    required: ['app', 'environment', 'cluster', 'context', 'server', 'namespace'],
  },
  changes: {
    description: 'What will change. It comes again where that is something else once the lock is had.',
    properties: {
      changes: { type: 'array', items: change, description: 'Object by object; empty: nothing will.' },
    },
    required: ['changes'],
  },
  build_step: {
    description: 'An instruction of a build begins.',
    properties: {
      components,
      instruction: text('The instruction, such as RUN npm ci.'),
      step: count('Its number, from 1.'),
      steps: count('How many there are.'),
      stage: text('The stage of the build that it belongs to.'),
    },
    required: ['components', 'instruction'],
  },
  build_cached: {
    description: 'The step that was told last is taken from a cache.',
    properties: { components },
    required: ['components'],
  },
  build_line: {
    description: 'A line that a build wrote.',
    properties: { components, text: text('The line.') },
    required: ['components', 'text'],
  },
  build_push: {
    description: 'How much of an image was sent to the registry so far.',
    properties: { components, bytes: count('Bytes.') },
    required: ['components', 'bytes'],
  },
  build_image: {
    description: 'What was built is in the registry.',
    properties: {
      components,
      image: text('The image, by its digest.'),
      by: text('What built it: buildah, docker, podman, or paas itself.'),
      layers: {
        type: 'object',
        description: 'The layers of the image, by how they came into the registry.',
        properties: {
          pushed: count('Sent.'),
          mounted: count('Taken from another repository of the registry.'),
          there: count('There already.'),
        },
        required: ['pushed', 'mounted', 'there'],
      },
      bytes: count('How much was sent, in bytes.'),
      seconds,
    },
    required: ['components', 'image', 'by', 'layers', 'bytes', 'seconds'],
  },
  images: {
    description: 'Which digests the tags of the file stand for now.',
    properties: {
      resolved: {
        type: 'object',
        description: 'By the image as the file names it: the same with its digest.',
        additionalProperties: { type: 'string' },
      },
      unresolved: {
        type: 'array',
        description: "What couldn't be asked: it is deployed by its tag.",
        items: {
          type: 'object',
          properties: {
            registry: text('The registry.'),
            reason: text('Why, in words that go on from its name.'),
            images: texts('The images.'),
          },
          required: ['registry', 'reason', 'images'],
        },
      },
    },
    required: ['resolved', 'unresolved'],
  },
  differences: {
    description: 'What is other than in the newest release, by field.',
    properties: {
      release: count('The release that it is taken from, where it comes back.'),
      differences: {
        type: 'array',
        description: 'Field by field.',
        items: {
          type: 'object',
          properties: {
            object: text('The object, such as deployment/web.'),
            component: text('Its component.'),
            field: text('The path of the field; empty: all of the object.'),
            words: text('In words, such as "image shop:1.4 → shop:1.5".'),
            from: { description: 'What it was: any JSON value; absent: nothing.' },
            to: { description: 'What it is to be: any JSON value; absent: nothing.' },
          },
          required: ['object', 'field', 'words'],
        },
      },
    },
    required: ['differences'],
  },
  lock_wait: {
    description: 'Somebody else is at work: it is waited for.',
    properties: {
      holder: text('Who.'),
      since: text('Since when: ISO 8601; empty where that is not known.'),
    },
    required: ['holder', 'since'],
  },
  lock_taken_over: {
    description: 'Whoever held the lock is gone.',
    properties: { holder: text('Who held it.') },
    required: ['holder'],
  },
  ending: {
    description: 'What somebody deleted and is not gone yet: it is waited for.',
    properties: { objects: texts('The objects, such as deployment/web.') },
    required: ['objects'],
  },
  phase: {
    description: 'Objects of a phase are applied from here on.',
    properties: { phase: text('Its name.'), count: count('How many objects.') },
    required: ['phase', 'count'],
  },
  done: {
    description: 'An object is as it was to be.',
    properties: {
      action: {
        enum: ['create', 'update', 'recreate', 'scale', 'delete', 'restart'],
        description: 'What was done with it.',
      },
      object: text('The object, such as deployment/web.'),
    },
    required: ['action', 'object'],
  },
  progress: {
    description: 'How far a component is. It comes when that changes.',
    properties: {
      component: text('The component.'),
      state: { enum: ['ready', 'progressing', 'failed'], description: 'How it is.' },
      ready: count('How many of its instances are ready.'),
      wanted: count('How many it is to have.'),
      old: count('How many of before still run, where there are any.'),
      message: text('What it waits for, in a few words.'),
      cause: {
        type: 'object',
        description: "Why it isn't ready, where that is known.",
        properties: {
          code: text('Permanent: paas explain CODE tells more.'),
          class: causeClass,
          message: text('One sentence.'),
        },
        required: ['code', 'class', 'message'],
      },
    },
    required: ['component', 'state', 'ready', 'wanted', 'message'],
  },
  cluster_silent: {
    description:
      "The cluster's API doesn't answer while the app is waited for: that time isn't counted against the app.",
    properties: {},
    required: [],
  },
  cluster_back: {
    description: "The cluster's API answers again.",
    properties: { seconds: { ...seconds, description: 'How long it was silent, in seconds.' } },
    required: ['seconds'],
  },
  warning: {
    description: 'What a person should know.',
    properties: { message: text('One sentence.') },
    required: ['message'],
  },
  rollback: {
    description: 'A release failed, and the last good one comes back.',
    properties: { failed: count('The release that failed.'), to: count('The one that comes back.') },
    required: ['failed', 'to'],
  },
  kept: {
    description: 'What stays, though the file no longer says it.',
    properties: { object: text('The object, such as persistentvolumeclaim/data.'), reason: text('Why.') },
    required: ['object', 'reason'],
  },
  problem: {
    description: 'What went wrong. The exit code is that of the first, unless the outcome says more.',
    properties: { problem: problemSchema },
    required: ['problem'],
  },
  end: {
    description: 'The end: always the last.',
    properties: {
      outcome: {
        enum: [
          'succeeded',
          'unchanged',
          'unready',
          'failed',
          'rolled_back',
          'rollback_failed',
          'scaled',
          'restarted',
          'planned',
          'deleted',
          'absent',
          'stopped',
        ],
        description:
          'How it ended. stopped: by the problems before it; planned: nothing was written; unready: nothing was to be changed, and what is live is not ready; rolled_back: it failed, and the last good release is live again.',
      },
      release: count('The release that is live, or that failed.'),
      failed: count('Of what was rolled back: the release that failed.'),
      to: count('Of a rollback: the release whose plan came back.'),
      addresses: texts('Where what is live is reached from outside.'),
      seconds,
    },
    required: ['outcome', 'seconds'],
  },
} as const;

/** Every event as `--json` prints it; the first of a stream has the version. Source: JSON Schema, draft 7. */
export function eventsSchema(): object {
  const version = {
    const: 1,
    description:
      'In the first line of a stream. Fields and events are added to a version, never changed or removed.',
  };
  const events = Object.entries(eventSchemas).map(([type, { description, properties, required }]) => ({
    title: type,
    description,
    type: 'object',
    properties: { type: { const: type, description: 'Which event it is.' }, ...properties, version },
    required: ['type', ...required],
  }));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Events of paas, version 1',
    description:
      'One line of what deploy, rollback, scale, restart and delete print with --json (NDJSON): a JSON object each. Readers skip types and fields that they do not know.',
    oneOf: events,
  };
}
