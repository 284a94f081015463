/** A glob as a regular expression: `*` within a name, `**` over folders, `?` one character, `{a,b}` either. */
export function globPattern(glob: string): RegExp {
  return new RegExp(`^${translate(glob)}$`);
}

/** The inner part of that expression. */
export function translate(glob: string): string {
  let pattern = '';
  let braces = 0;
  for (let at = 0; at < glob.length; at++) {
    const char = glob[at]!;
    if (glob.startsWith('**/', at)) {
      pattern += '(?:[\\s\\S]*/)?';
      at += 2;
    } else if (glob.startsWith('**', at)) {
      pattern += '[\\s\\S]*';
      at += 1;
    } else if (char === '*') pattern += '[^/]*';
    else if (char === '?') pattern += '[^/]';
    else if (char === '{' && glob.includes('}', at)) {
      pattern += '(?:';
      braces++;
    } else if (char === '}' && braces > 0) {
      pattern += ')';
      braces--;
    } else if (char === ',' && braces > 0) pattern += '|';
    else pattern += char.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
  }
  return pattern;
}
