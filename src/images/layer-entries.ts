import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { posix } from 'node:path';
import { fail } from '../problems/problem.ts';
import { sourceChanged } from '../problems/registry.ts';
import { compilePatterns } from './ignore.ts';
import { listSource, type SourceFile } from './source-files.ts';
import type { TarEntry } from './tar.ts';
import { unreadable } from './unreadable.ts';

/** A layer of an image: what changes together stands together, and what changes seldom comes first. */
export interface LayerSource {
  /** In a word, for people: `dependencies`. */
  readonly name: string;
  readonly parts: readonly LayerPart[];
}

/**
 * Something that is put into a layer. `to` is an absolute path in the image; above a base image it lies in a folder of
 * the app's own, such as /app: what is a link in the base, as /bin often is, a layer can't write through (containerd
 * unpacks each layer by itself), it would take the link's place.
 */
export type LayerPart =
  | {
      /** The folder of the source: the patterns are seen from here. */
      readonly root: string;
      /** A folder or file in it; its content is put at `to`. All of it: `.`. */
      readonly from: string;
      readonly to: string;
      /** Only what these match. In the language of .dockerignore, as `exclude`. */
      readonly include?: readonly string[];
      /** Not what these match: `[...neverNeeded, ...await readIgnoreFile(root), 'node_modules']`. */
      readonly exclude?: readonly string[];
    }
  | { readonly content: string | Uint8Array; readonly to: string; readonly executable?: boolean };

/**
 * The entries of a layer's archive. `bare`: there is no image below, so the folders above are entries, too. Above
 * another image they aren't: they would take the place of what is there, such as a link from /bin to /usr/bin.
 */
export async function* layerEntries(
  { parts }: LayerSource,
  bare: boolean,
  signal: AbortSignal | undefined,
): AsyncGenerator<TarEntry> {
  const folders = new Set<string>();
  for (const part of parts) {
    const to = posix.normalize(part.to).replace(/^\/+|\/+$/g, '');
    if (!bare && oftenLinks.test(to)) throw new Error(`/${to} may lie behind a link of the base image`);
    if ('content' in part) {
      yield* above(to, folders, bare);
      const content = Buffer.from(part.content);
      yield { ...file(to, part.executable ?? false), size: content.length, content: () => once(content) };
      continue;
    }
    const { root, from } = part;
    const include = part.include && compilePatterns(part.include, 'include');
    const exclude = part.exclude && compilePatterns(part.exclude);
    for await (const found of listSource({ root, from, include, exclude })) {
      signal?.throwIfAborted();
      const path = [to, found.path].filter((step) => step !== '').join('/');
      if (path === '') continue;
      yield* above(path, folders, bare);
      if (found.type === 'folder') {
        // A folder that every image has keeps the rights that it has there: /tmp is for everyone.
        if (folders.has(path) || (!bare && !path.includes('/') && common.has(path))) continue;
        folders.add(path);
        yield folder(path);
      } else if (found.type === 'link') {
        yield { ...file(path, false), type: 'link', mode: 0o777, linkTo: found.linkTo };
      } else {
        yield* openFile(found, path);
      }
    }
  }
}

const oftenLinks = /^((s?bin|lib(32|64|x32)?)|var\/(run|lock))(\/|$)/;

const common = new Set(
  'bin boot dev etc home lib lib64 media mnt opt proc root run sbin srv sys tmp usr var'.split(' '),
);

function* above(path: string, folders: Set<string>, bare: boolean): Generator<TarEntry> {
  if (!bare) return;
  const steps = path.split('/').slice(0, -1);
  for (const index of steps.keys()) {
    const up = steps.slice(0, index + 1).join('/');
    if (folders.has(up)) continue;
    folders.add(up);
    yield folder(up);
  }
}

function folder(path: string): TarEntry {
  return { ...file(path, true), type: 'folder' };
}

function file(path: string, executable: boolean): TarEntry {
  const mode = executable ? 0o755 : 0o644;
  return { path, type: 'file', mode, size: 0, linkTo: '', content: () => once(Buffer.alloc(0)) };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The entry of a file, which is open while the entry is written. */
async function* openFile(found: SourceFile, path: string): AsyncGenerator<TarEntry> {
  // It was no link when it was listed, and must not have become one.
  const handle = await open(found.file, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error) =>
    unreadable(found.shown, error),
  );
  try {
    const { size } = await handle.stat();
    yield { ...file(path, found.executable), size, content: () => bytesOf(handle, size, found.shown) };
  } finally {
    await handle.close();
  }
}

/** What is read of a file at once, in bytes. */
const piece = 256 * 1024;
/** A piece is valid until the one after the next is asked for: a large file must not fill the memory with old pieces. */
const buffers = () => [Buffer.allocUnsafeSlow(piece), Buffer.allocUnsafeSlow(piece)];

/** The bytes of a file. Throws a PaasError where it is written to meanwhile. */
async function* bytesOf(handle: FileHandle, size: number, shown: string): AsyncGenerator<Uint8Array> {
  const before = await handle.stat({ bigint: true });
  const [even, odd] = size > piece ? buffers() : [Buffer.allocUnsafe(size), undefined];
  for (let at = 0, turn = 0; at < size; turn++) {
    const buffer = turn % 2 === 0 ? even! : odd!;
    const { bytesRead } = await handle.read(buffer, 0, Math.min(piece, size - at), at);
    if (bytesRead === 0) fail(sourceChanged(shown));
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
  const after = await handle.stat({ bigint: true });
  if (after.size !== before.size || after.mtimeNs !== before.mtimeNs) fail(sourceChanged(shown));
}
