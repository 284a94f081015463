import { Args } from '@oclif/core';
import { PaasCommand } from '../cli/base-command.ts';
import { describeKeys, type KeyDescription, knownKeys } from '../model/describe-key.ts';
import { platformSchema } from '../model/platform-schema.ts';
import { rootSchema } from '../model/schema.ts';
import { nearest } from '../problems/nearest.ts';
import { pages } from '../problems/pages.ts';
import { fail } from '../problems/problem.ts';
import { nothingToExplain } from '../problems/usage.ts';

export default class Explain extends PaasCommand {
  static override summary = 'Explain a key of paas.yaml or platform.yaml, or a problem by its code';
  static override description =
    'Of a key: what it means, its type, default and examples, and where it may stand. Of a problem: why it is one and what to do. Without an argument: the whole language in short; platform: the platform file in short.';
  static override examples = [
    '<%= config.bin %> explain components.*.health.http',
    '<%= config.bin %> explain health',
    '<%= config.bin %> explain platform.guard_rails',
    '<%= config.bin %> explain unknown-key',
  ];
  static override args = {
    topic: Args.string({ description: 'a key, its path, or the code of a problem', required: false }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Explain);
    const topic = args.topic ?? '';
    const page = Object.hasOwn(pages, topic) ? pages[topic] : undefined;
    const keys = page ? [] : keysOf(topic);
    if (!page && keys.length === 0) {
      fail(nothingToExplain(topic, nearest(topic, everyTopic())));
    }
    if (flags.json) {
      const { printJson } = await import('../terminal/json.ts');
      return printJson(page ? { code: topic, ...page } : { keys }, process.stdout);
    }
    if (page) {
      const { printPage } = await import('../terminal/print-page.ts');
      printPage(topic, page, process.stdout);
    } else {
      const { printKeys } = await import('../terminal/print-key.ts');
      printKeys(keys, process.stdout);
    }
  }
}

/** The keys that are meant: of paas.yaml, or where it has none of that name, or platform. stands before it, of platform.yaml. */
function keysOf(topic: string): KeyDescription[] {
  if (topic === '')
    return ['components.*', 'services.*', 'environments.*'].flatMap((one) => describeKeys(one, rootSchema));
  if (topic === platform) return Object.keys(platformSchema.properties ?? {}).flatMap(ofPlatform);
  if (topic.startsWith(`${platform}.`)) return ofPlatform(topic.slice(platform.length + 1));
  const keys = describeKeys(topic, rootSchema);
  return keys.length > 0 ? keys : ofPlatform(topic);
}

const platform = 'platform';

/** Keys of platform.yaml, whose paths begin with platform here. */
function ofPlatform(topic: string): KeyDescription[] {
  return describeKeys(topic, platformSchema).map((key) => ({
    ...key,
    path: `${platform}.${key.path}`,
    alsoAt: key.alsoAt.map((path) => `${platform}.${path}`),
  }));
}

function everyTopic(): string[] {
  const others = knownKeys(platformSchema).flatMap((key) => [key, `${platform}.${key}`]);
  return [...Object.keys(pages), ...knownKeys(rootSchema), ...others];
}
