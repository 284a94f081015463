/**
 * The character that makes a line of a Dockerfile go on in the next: a backslash, unless a directive at its top says a
 * backtick, as Dockerfiles for Windows do. Source: Dockerfile reference, "Parser directives".
 */
export function escapeOf(text: string): '\\' | '`' {
  for (const line of text.replace(/^\uFEFF/, '').split('\n')) {
    // Directives come first, each once: anything else ends them.
    const [, name, value] = /^\s*#\s*(\w+)\s*=\s*(\S*)/.exec(line) ?? [];
    if (name === undefined) break;
    if (name.toLowerCase() === 'escape') return value === '`' ? '`' : '\\';
  }
  return '\\';
}
