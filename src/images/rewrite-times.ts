// Dates every entry of a tar anew, as a stream. Source: POSIX pax interchange format.

const block = 512;
const timeRecords: ReadonlySet<string> = new Set(['mtime', 'atime', 'ctime']);

/** The same archive, but for the times of its entries, which are all `epoch` (seconds since 1970). */
export async function* rewriteTimes(tar: AsyncIterable<Buffer>, epoch: number): AsyncGenerator<Buffer> {
  const input = blocksOf(tar);
  for (;;) {
    const header = await input.read(block);
    if (header.length < block) return;
    if (header.every((byte) => byte === 0)) {
      // Two empty blocks end an archive; how many a program writes after them says nothing.
      yield Buffer.alloc(2 * block);
      return;
    }
    const size = sizeOf(header);
    const padded = Math.ceil(size / block) * block;
    const type = String.fromCharCode(header[156]!);
    if (type === 'x' || type === 'g') {
      const records = withoutTimes((await input.read(padded)).subarray(0, size));
      if (records.length > 0) yield Buffer.concat([withHeader(header, epoch, records.length), pad(records)]);
      continue;
    }
    yield withHeader(header, epoch, undefined);
    for (let left = padded; left > 0; ) {
      const chunk = await input.read(Math.min(left, 1 << 20));
      if (chunk.length === 0) return;
      left -= chunk.length;
      yield chunk;
    }
  }
}

function blocksOf(tar: AsyncIterable<Buffer>): { read(length: number): Promise<Buffer> } {
  const chunks = tar[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  return {
    async read(length) {
      const parts = [held];
      let have = held.length;
      while (have < length) {
        const next = await chunks.next();
        if (next.done) break;
        parts.push(next.value);
        have += next.value.length;
      }
      const all = Buffer.concat(parts);
      held = all.subarray(length);
      return all.subarray(0, length);
    },
  };
}

/** Octal digits, or for large files a binary number that begins with a set bit. */
function sizeOf(header: Buffer): number {
  const field = header.subarray(124, 136);
  if (field[0]! & 0x80) return Number(field.readBigUInt64BE(4));
  return Number.parseInt(field.toString('latin1').replaceAll('\0', ' ').trim() || '0', 8);
}

/** Records are `LENGTH NAME=VALUE\n`, the length that of the whole record. */
function withoutTimes(records: Buffer): Buffer {
  const kept: Buffer[] = [];
  for (let at = 0; at < records.length; ) {
    const length = Number.parseInt(records.toString('latin1', at, at + 12), 10);
    if (!(length > 0)) break;
    const name = /^\d+ ([^=]*)=/.exec(records.toString('utf8', at, at + length))?.[1] ?? '';
    if (!timeRecords.has(name)) kept.push(records.subarray(at, at + length));
    at += length;
  }
  return Buffer.concat(kept);
}

const pad = (content: Buffer): Buffer =>
  Buffer.concat([content, Buffer.alloc((block - (content.length % block)) % block)]);

function withHeader(header: Buffer, epoch: number, size: number | undefined): Buffer {
  const made = Buffer.from(header);
  made.write(`${epoch.toString(8).padStart(11, '0')}\0`, 136, 'latin1');
  if (size !== undefined) made.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  made.fill(' ', 148, 156);
  const sum = made.reduce((total, byte) => total + byte, 0);
  made.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return made;
}
