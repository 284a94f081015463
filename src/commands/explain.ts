import { Args } from '@oclif/core';
import { PaasCommand } from '../cli/base-command.ts';
import { describeKeys, knownKeys } from '../model/describe-key.ts';
import { rootSchema } from '../model/schema.ts';
import { nearest } from '../problems/nearest.ts';
import { pages } from '../problems/pages.ts';
import { fail } from '../problems/problem.ts';
import { nothingToExplain } from '../problems/usage.ts';

export default class Explain extends PaasCommand {
  static override summary = 'Explain a key of paas.yaml, or a problem by its code';
  static override description =
    'Of a key: what it means, its type, default and examples, and where it may stand. Of a problem: why it is one and what to do. Without an argument: the whole language in short.';
  static override examples = [
    '<%= config.bin %> explain components.*.health.http',
    '<%= config.bin %> explain health',
    '<%= config.bin %> explain unknown-key',
  ];
  static override args = {
    topic: Args.string({ description: 'a key, its path, or the code of a problem', required: false }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Explain);
    const topic = args.topic ?? '';
    const page = Object.hasOwn(pages, topic) ? pages[topic] : undefined;
    const found = topic === '' ? ['components.*', 'services.*', 'environments.*'] : [topic];
    const keys = page ? [] : found.flatMap((one) => describeKeys(one, rootSchema));
    if (!page && keys.length === 0) {
      fail(nothingToExplain(topic, nearest(topic, [...Object.keys(pages), ...knownKeys(rootSchema)])));
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
