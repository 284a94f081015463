/** What is still open at an offset of a text: the innermost bracket, or the quote. Comments are skipped. */
export function openAt(text: string, offset: number): { start: number; char: string } | undefined {
  const brackets: { start: number; char: string }[] = [];
  let at = 0;
  while (at < offset) {
    const char = text[at]!;
    const before = text[at - 1] ?? '\n';
    if (char === '#' && /\s/.test(before)) {
      const end = text.indexOf('\n', at);
      if (end < 0) break;
      at = end;
    } else if ((char === '"' || char === "'") && /[\s,:[{(-]/.test(before)) {
      const end = endOfQuote(text, at, char);
      if (end >= offset) return { start: at, char };
      at = end;
    } else if (char === '[' || char === '{') {
      // Within a plain value a bracket is a letter like others.
      if (brackets.length > 0 || /[\s,:-]/.test(before)) brackets.push({ start: at, char });
    } else if (char === ']' || char === '}') {
      brackets.pop();
    }
    at++;
  }
  return brackets.at(-1);
}

/** Where a quoted text ends; the end of the whole when it doesn't. */
function endOfQuote(text: string, start: number, quote: string): number {
  for (let at = start + 1; at < text.length; at++) {
    if (quote === '"' && text[at] === '\\') at++;
    else if (text[at] === quote) {
      if (quote === "'" && text[at + 1] === "'") at++;
      else return at;
    }
  }
  return text.length;
}
