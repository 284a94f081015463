import { Args, Flags } from '@oclif/core';
import { LiteralError, parseDuration } from '../model/literals.ts';
import { fail } from '../problems/problem.ts';
import { badUsage } from '../problems/usage.ts';

// Flags that several commands share, by what they are about.

export const appFlags = {
  file: Flags.string({ char: 'f', default: 'paas.yaml', helpValue: 'FILE', description: "the app's file" }),
  env: Flags.string({
    char: 'e',
    env: 'PAAS_ENV',
    helpValue: 'NAME',
    description: 'the environment; needed where the file has several',
  }),
  platform: Flags.string({
    env: 'PAAS_PLATFORM',
    helpValue: 'FILE',
    description: "the platform team's file: clusters, sizes, defaults, guard rails",
  }),
};

/** For commands that need no more of an app than its records in the cluster. */
export const appOrNameFlags = {
  ...appFlags,
  app: Flags.string({
    helpValue: 'NAME',
    description: 'the app by its name, without its file; with --env or --namespace',
  }),
  namespace: Flags.string({
    char: 'n',
    helpValue: 'NAME',
    dependsOn: ['app'],
    description: 'with --app: its namespace, where that is not APP-ENVIRONMENT',
  }),
};

export const clusterFlags = {
  context: Flags.string({
    env: 'PAAS_CONTEXT',
    helpValue: 'NAME',
    description: "the kubeconfig's context to use, instead of the environment's cluster",
  }),
};

export const acceptFlags = {
  'accept-new-cluster': Flags.boolean({
    description: 'the environment is on another cluster from now on (.paas/clusters.yaml)',
  }),
};

export const writeFlags = {
  yes: Flags.boolean({ char: 'y', description: 'do not ask' }),
  timeout: Flags.custom<number>({
    default: 600,
    defaultHelp: async () => '10min',
    helpValue: 'TIME',
    description: 'how long to wait at most, such as 90s or 10min',
    parse: async (text) => readDuration(text),
  })(),
  ...acceptFlags,
};

/** What a person agrees to beyond an ordinary change. */
export const consentFlags = {
  recreate: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'KIND/NAME',
    description:
      "an object, such as statefulset/web, that may be deleted and made again where Kubernetes can't change it; once for each",
  }),
  'take-over': Flags.boolean({
    description: 'objects that kubectl, Helm or another program made become part of this app',
  }),
};

export const imageFlag = Flags.string({
  multiple: true,
  multipleNonGreedy: true,
  helpValue: 'COMPONENT=IMAGE',
  description: "an image in place of the file's image, build or package; once for each component",
});

/** The number of a release, as an argument. */
export const releaseArg = Args.custom<number>({ parse: async (text) => readReleaseNumber(text) });

function readReleaseNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    fail(badUsage(`${text} is not the number of a release.`, 'paas releases lists them.'));
  }
  return Number(text);
}

/** A duration flag, in seconds. */
export function readDuration(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    if (error instanceof LiteralError) fail(badUsage(`${text} is not ${error.message}.`));
    throw error;
  }
}
