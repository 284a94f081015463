/** The words of a command line that are ours, and those behind `--`, which are another program's. */
export function commandWords(argv: readonly string[]): { own: string[]; program: string[] } {
  const end = argv.indexOf('--');
  return end < 0
    ? { own: [...argv], program: [] }
    : { own: argv.slice(0, end), program: argv.slice(end + 1) };
}
