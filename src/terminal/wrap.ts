/** A text in lines of at most `width`, each indented. */
export function wrap(text: string, width: number, indent: number): string[] {
  const blank = ' '.repeat(indent);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > width) {
      lines.push(blank + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, blank + line];
}
