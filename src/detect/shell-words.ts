/** What only a shell understands: variables, pipes, several commands, redirection, globs, assignments before a command. */
const ofShells = /[$`|&;<>*?~(){}\n#\\]|^\s*\w+=|^\s*(exec|cd|export|set|if|for|while|source|\.)\s/;

/** A line as people write it for a shell, as the words to start: by a shell only where it takes one. */
export function shellWords(line: string): readonly string[] {
  const said = line.trim();
  const words = ofShells.test(said) ? undefined : splitWords(said);
  if (words) return words;
  // With exec the program itself gets the signal to end; of several commands the shell stays.
  const single = !/[;&|\n]/.test(said) && !/^\s*(exec|cd|export|set|if|for|while|source|\.)\s/.test(said);
  return ['sh', '-c', single && !/^\s*\w+=/.test(said) ? `exec ${said}` : said];
}

/** Words as a line that `shellWords` makes them of again. */
export function shellLine(words: readonly string[]): string {
  const [shell, flag, line, ...more] = words;
  if (shell === 'sh' && flag === '-c' && line !== undefined && more.length === 0) {
    const without = line.replace(/^exec /, '');
    return shellWords(without).at(-1) === line ? without : line;
  }
  return words.map((word) => (/^[^\s"']+$/.test(word) ? word : JSON.stringify(word))).join(' ');
}

/** Words, with quotes around those that have spaces; undefined where a quote stays open. */
function splitWords(text: string): string[] | undefined {
  const words: string[] = [];
  const part = /\s*((?:[^\s"']+|"[^"]*"|'[^']*')+)\s*/gy;
  let end = 0;
  for (const match of text.matchAll(part)) {
    words.push(match[1]!.replaceAll(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single));
    end = match.index + match[0].length;
  }
  return end === text.length && words.length > 0 ? words : undefined;
}
