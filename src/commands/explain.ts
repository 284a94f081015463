import { Args } from '@oclif/core';
import { PaasCommand } from '../cli/base-command.ts';
import { appFlags } from '../cli/flags.ts';
import { describeKeys, type KeyDescription, knownKeys } from '../model/describe-key.ts';
import { platformSchema } from '../model/platform-schema.ts';
import type { SchemaNode } from '../model/schema.ts';
import { loadTraceable } from '../pipeline/load-traceable.ts';
import { loadSurroundings } from '../pipeline/surroundings.ts';
import { nearest } from '../problems/nearest.ts';
import { pages } from '../problems/pages.ts';
import { fail } from '../problems/problem.ts';
import { noSuchField, noSuchObject, nothingToExplain } from '../problems/usage.ts';

export default class Explain extends PaasCommand {
  static override summary = 'Explain a key, a problem by its code, or a line of a rendered manifest';
  static override description = [
    'Of a key of paas.yaml or platform.yaml: what it means, its type, default and examples, and where it may stand.',
    'Of a problem: why it is one and what to do.',
    'Of an object such as deployment/web, and a field of it: the line of paas.yaml that it comes from, or the default, the platform file, the patch, and the template that wrote it.',
    'Without an argument: the whole language in short; platform: the platform file in short.',
  ].join('\n');
  static override examples = [
    '<%= config.bin %> explain components.*.health.http',
    '<%= config.bin %> explain health',
    '<%= config.bin %> explain platform.guard_rails',
    '<%= config.bin %> explain unknown-key',
    '<%= config.bin %> explain deployment/web spec.template.spec.containers[0].image',
    '<%= config.bin %> explain deployment/web',
  ];
  static override args = {
    topic: Args.string({
      ignoreStdin: true,
      description: 'a key, its path, the code of a problem, or an object (deployment/web)',
      required: false,
    }),
    field: Args.string({
      ignoreStdin: true,
      description: 'of an object: a field, such as spec.replicas',
      required: false,
    }),
  };
  static override flags = { ...appFlags };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Explain);
    const topic = args.topic ?? '';
    if (/^[a-z]+\/./i.test(topic)) return this.explainObject(topic, args.field, flags);
    const page = Object.hasOwn(pages, topic) ? pages[topic] : undefined;
    if (page) {
      if (flags.json) return this.printJson({ code: topic, ...page });
      const { printPage } = await import('../terminal/print-page.ts');
      return printPage(topic, page, process.stdout);
    }
    const { language } = await loadSurroundings({ ...flags, cwd: process.cwd() });
    const keys = keysOf(topic, language.schema);
    if (keys.length === 0) fail(nothingToExplain(topic, nearest(topic, everyTopic(language.schema))));
    if (flags.json) return this.printJson({ keys });
    const { printKeys } = await import('../terminal/print-key.ts');
    printKeys(keys, process.stdout);
  }

  private async explainObject(name: string, field: string | undefined, flags: ExplainFlags): Promise<void> {
    const { objects, candidatesFor } = await loadTraceable(
      { ...flags, cwd: process.cwd() },
      this.config.root,
    );
    const names = objects.map(({ manifest }) => `${manifest.kind.toLowerCase()}/${manifest.metadata.name}`);
    const object = objects[names.indexOf(name.toLowerCase())];
    if (!object) return fail(noSuchObject(name, names, nearest(name, names)));
    const { explainObject } = await import('../provenance/explain-object.ts');
    const values = explainObject(object, field, candidatesFor(object));
    if (values.length === 0) fail(noSuchField(name, field ?? ''));
    const { printValues, valuesAsJson } = await import('../terminal/print-values.ts');
    if (flags.json) return this.printJson({ object: name, values: valuesAsJson(values) });
    printValues(name, values, process.stdout);
  }

  private async printJson(data: object): Promise<void> {
    const { printJson } = await import('../terminal/json.ts');
    printJson(data, process.stdout);
  }
}

interface ExplainFlags {
  readonly file: string;
  readonly env: string | undefined;
  readonly platform: string | undefined;
  readonly json: boolean;
}

/** The keys that are meant: of paas.yaml, or where it has none of that name, or platform. stands before it, of platform.yaml. */
function keysOf(topic: string, schema: SchemaNode): KeyDescription[] {
  if (topic === '')
    return ['components.*', 'services.*', 'environments.*'].flatMap((one) => describeKeys(one, schema));
  if (topic === platform) return Object.keys(platformSchema.properties ?? {}).flatMap(ofPlatform);
  if (topic.startsWith(`${platform}.`)) return ofPlatform(topic.slice(platform.length + 1));
  const keys = describeKeys(topic, schema);
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

function everyTopic(schema: SchemaNode): string[] {
  const others = knownKeys(platformSchema).flatMap((key) => [key, `${platform}.${key}`]);
  return [...Object.keys(pages), ...knownKeys(schema), ...others];
}
