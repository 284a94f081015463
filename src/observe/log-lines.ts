/** A line of a container's log, as the kubelet gives it with timestamps. */
export interface TimedLine {
  /** When it was written: RFC 3339. */
  readonly time: string;
  readonly line: string;
}

/**
 * The lines of a log. Only a line feed ends one: a progress bar writes many carriage returns in a single line.
 * What has no time of its own, such as words of the kubelet, has that of the line before it.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TimedLine> {
  let time = '';
  for await (const text of textLines(chunks)) {
    const [, own, line = text] = /^(\d{4}-\d\d-\d\dT\S+) ?(.*)$/s.exec(text) ?? [];
    time = own ?? time;
    yield { time, line };
  }
}

async function* textLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  // Characters may be cut between chunks, and a mark at the start is a character like any other.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  /** Of a line that has not ended. */
  let pieces: string[] = [];
  for await (const chunk of chunks) {
    const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n');
    pieces.push(first);
    for (const next of others) {
      yield withoutReturn(pieces.join(''));
      pieces = [next];
    }
  }
  const rest = pieces.join('') + decoder.decode();
  if (rest !== '') yield withoutReturn(rest);
}

/** The end of a line as Windows writes it. */
function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
