/** An entry of an archive. */
export interface TarEntry {
  /** Without a slash in front. */
  readonly path: string;
  readonly type: 'file' | 'folder' | 'link';
  readonly mode: number;
  /** Of a file, in bytes: `content` gives just as many. */
  readonly size: number;
  readonly linkTo: string;
  readonly content: () => AsyncIterable<Uint8Array>;
}

const block = 512;
/** One second after the epoch, as Jib has it: some programs take 0 for "unknown". */
const modified = 1;
/** The most that fits into a header's octal digits. */
const largest = 0o77777777777;
const types = { file: '0', folder: '5', link: '2' };

/**
 * An archive as a stream of bytes: POSIX pax, which has no limits of names and sizes. Nothing in it depends on the
 * machine: everything belongs to root and has the same time.
 * Source: POSIX.1-2017, pax, "ustar Interchange Format" and "pax Extended Header".
 */
export async function* writeTar(entries: AsyncIterable<TarEntry>): AsyncGenerator<Uint8Array> {
  for await (const entry of entries) {
    const name = entry.type === 'folder' ? `${entry.path}/` : entry.path;
    const size = entry.type === 'file' ? entry.size : 0;
    const extended = extendedHeader(name, entry.linkTo, size);
    if (extended.length > 0) {
      yield header('PaxHeader', 'x', 0o644, extended.length, '');
      yield padded(extended);
    }
    yield header(name, types[entry.type], entry.mode, Math.min(size, largest), entry.linkTo);
    if (entry.type !== 'file') continue;
    yield* entry.content();
    if (size % block > 0) yield Buffer.alloc(block - (size % block));
  }
  yield Buffer.alloc(2 * block);
}

/** The records of what doesn't fit into a header. */
function extendedHeader(name: string, linkTo: string, size: number): Buffer {
  const records: string[] = [];
  if (!fits(name)) records.push(record('path', name));
  if (!fits(linkTo)) records.push(record('linkpath', linkTo));
  if (size > largest) records.push(record('size', String(size)));
  return Buffer.from(records.join(''));
}

function fits(text: string): boolean {
  return text.length <= 100 && /^[\x20-\x7e]*$/.test(text);
}

/** `LENGTH KEY=VALUE`, where the length counts its own digits. */
function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  let length = bytes + String(bytes).length;
  length = bytes + String(length).length;
  return `${length}${rest}`;
}

function header(name: string, type: string, mode: number, size: number, linkTo: string): Buffer {
  const bytes = Buffer.alloc(block);
  // What is too long stands in the extended header; this is for people who look at it with a hex editor.
  bytes.write(name.slice(0, 100), 0, 100, 'utf8');
  bytes.write(octal(mode, 8), 100, 'latin1');
  bytes.write(octal(0, 8), 108, 'latin1');
  bytes.write(octal(0, 8), 116, 'latin1');
  bytes.write(octal(size, 12), 124, 'latin1');
  bytes.write(octal(modified, 12), 136, 'latin1');
  bytes.write(' '.repeat(8), 148, 'latin1');
  bytes.write(type, 156, 'latin1');
  bytes.write(linkTo.slice(0, 100), 157, 100, 'utf8');
  bytes.write('ustar\x0000', 257, 'latin1');
  bytes.write(octal(0, 8), 329, 'latin1');
  bytes.write(octal(0, 8), 337, 'latin1');
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return bytes;
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, '0')}\0`;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((block - (bytes.length % block)) % block)]);
}
