import type { Fix, Source } from '../problems/problem.ts';

/** The text with its fixes made. Everything else, comments and form included, stays as it is. Of two that overlap, the first. */
export function applyFixes(source: Source, fixes: readonly Fix[]): { text: string; made: readonly Fix[] } {
  const made: Fix[] = [];
  let text = '';
  let end = 0;
  for (const fix of [...fixes].sort((a, b) => a.at.start - b.at.start)) {
    if (fix.at.source !== source || fix.at.start < end) continue;
    text += source.text.slice(end, fix.at.start) + fix.text;
    end = fix.at.end;
    made.push(fix);
  }
  return { text: text + source.text.slice(end), made };
}
