import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildGo } from '../cluster/go.ts';
import { type Image, pushImage } from '../cluster/image.ts';
import { cacheRoot } from '../cluster/layout.ts';

/** The images that tests deploy: small static programs of ours, each in an image that holds nothing else. */

type Source = {
  readonly name: string;
  readonly tag: string;
  readonly folder: string;
  /** Other paths at which the program is found too. */
  readonly links?: readonly string[];
};

const HELLO = join(import.meta.dirname, '../../examples/hello/app');
const FAULTY = join(import.meta.dirname, 'faulty');
const ECHO = join(import.meta.dirname, 'echo');

const SOURCES: readonly Source[] = [
  { name: 'hello', tag: '1.0', folder: HELLO },
  // The same program, but for the version that it answers with.
  { name: 'hello', tag: '1.1', folder: HELLO },
  { name: 'faulty', tag: '1.0', folder: FAULTY },
  { name: 'faulty', tag: '1.1', folder: FAULTY },
  // The same program in an image that has a shell, of a kind.
  { name: 'faulty', tag: 'shell', folder: FAULTY, links: ['/bin/sh'] },
  { name: 'echo', tag: '1.0', folder: ECHO },
];

/**
 * Builds the test images and pushes them to a registry (`host:port`, with a scheme in front where it isn't plain
 * HTTP). Gives their digests by `name:tag`.
 */
export async function pushTestImages(
  registry: string,
  onProgress: (line: string) => void = () => {},
  signal?: AbortSignal,
): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const source of SOURCES) {
    const program = await build(source, onProgress, signal);
    digests[`${source.name}:${source.tag}`] = await pushImage(registry, source.name, source.tag, {
      files: [
        { path: `/${source.name}`, content: readFileSync(program) },
        ...(source.links ?? []).map((path) => ({ path, linkTo: `/${source.name}` })),
      ],
      entrypoint: [`/${source.name}`],
      user: '65532:65532',
      ports: [8080],
    });
  }
  for (const [tag, change] of Object.entries(broken)) {
    const program = readFileSync(
      await build(SOURCES.find(({ name }) => name === 'faulty')!, onProgress, signal),
    );
    digests[`faulty:${tag}`] = await pushImage(registry, 'faulty', tag, {
      files: [{ path: '/faulty', content: program }],
      entrypoint: ['/faulty'],
      user: '65532:65532',
      ports: [8080],
      ...change(program),
    });
  }
  return digests;
}

/** Images that are at fault themselves, by their tag. */
const broken: Readonly<Record<string, (program: Buffer) => Partial<Image>>> = {
  // A program of another machine in an image that says it was of this one: the kind that only running it shows.
  alien: (program) => ({ files: [{ path: '/faulty', content: ofAnotherMachine(program) }] }),
  // One that says itself that it is of another machine.
  foreign: () => ({ architecture: 's390x' }),
  rooted: () => ({ user: '0:0' }),
};

/** Source: ELF, e_machine. */
function ofAnotherMachine(program: Buffer): Buffer {
  const other = Buffer.from(program);
  other.writeUInt16LE(0x16, 18);
  return other;
}

/** The program of a test image, built unless it is there; gives its path. */
export async function buildTestImage(name: string, tag: string): Promise<string> {
  const source = SOURCES.find((one) => one.name === name && one.tag === tag);
  if (!source) throw new Error(`there is no test image ${name}:${tag}`);
  return build(source, () => {}, undefined);
}

/** Builds a program unless one of the same source is in the cache; gives its path. */
async function build(
  { name, tag, folder }: Source,
  onProgress: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<string> {
  const hash = createHash('sha256').update(tag);
  for (const file of readdirSync(folder).sort()) hash.update(readFileSync(join(folder, file)));
  const output = join(
    cacheRoot(),
    'images',
    `${name}-${tag}-${hash.digest('hex').slice(0, 12)}-${process.arch}`,
  );
  if (!existsSync(output)) {
    onProgress(`building the test image ${name}:${tag}`);
    await buildGo({
      folder,
      target: '.',
      output,
      linkerFlags: `-X main.version=${tag}`,
      system: 'linux',
      signal,
    });
  }
  return output;
}
