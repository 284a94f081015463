import type { Event, UnresolvedImages } from '../events.ts';
import { readImageReference } from '../plan/image-reference.ts';
import { connectRegistry } from '../registry/connect-registry.ts';
import { closeRegistry } from '../registry/registry.ts';
import { type Resolved, resolveDigest } from '../registry/resolve-digest.ts';

/** Milliseconds: a registry that is out of reach from here must not hold up a deploy. */
const patience = 5_000;

export type PinnedImages = Extract<Event, { type: 'images' }>;

export interface PinOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly plainHttp: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

/**
 * Finds the digests that the tags of images stand for now, all at once. Gives the pinned references by the ones that
 * were asked for; those that can't be asked from here are left out, and told.
 */
export async function pinImages(
  references: readonly string[],
  { env, plainHttp, signal }: PinOptions,
): Promise<PinnedImages> {
  const tags = [...new Set(references)].filter((text) => !readImageReference(text).digest);
  const answers = await Promise.all(
    tags.map(async (text) => {
      const wanted = readImageReference(text);
      const limit = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
      const host = wanted.registry;
      try {
        const insecure = plainHttp.has(host) || undefined;
        const registry = await connectRegistry(host, wanted.path, {
          env,
          plainHttp: insecure,
          signal: limit,
        });
        try {
          return [text, await resolveDigest(registry, wanted, { signal: limit })] as const;
        } finally {
          await closeRegistry(registry);
        }
      } catch (error) {
        signal.throwIfAborted();
        if (limit.aborted) return [text, undefined] as const;
        throw error;
      }
    }),
  );
  const found = answers.flatMap(([text, answer]) =>
    answer?.state === 'found' ? [[text, `${text}@${answer.digest}`] as const] : [],
  );
  const resolved = Object.fromEntries(found);
  const open = answers.filter(([text]) => !(text in resolved));
  return { type: 'images', resolved, unresolved: byRegistry(open) };
}

function byRegistry(open: readonly (readonly [string, Resolved | undefined])[]): UnresolvedImages[] {
  const groups = Map.groupBy(
    open,
    ([text, answer]) => `${readImageReference(text).registry} ${answer?.state ?? 'unreachable'}`,
  );
  return [...groups.values()].map((group) => ({
    registry: readImageReference(group[0]![0]).registry,
    reason: reasonOf(group[0]![1]),
    images: group.map(([text]) => text),
  }));
}

const reasonOf = (answer: Resolved | undefined): string =>
  ({
    absent: 'has no such image',
    not_allowed: 'does not let you read it',
    unreachable: "can't be reached from here",
    found: '',
  })[answer?.state ?? 'unreachable'];
