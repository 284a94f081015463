import { yamlSyntax } from '../problems/document.ts';
import type { Place, Problem, Source } from '../problems/problem.ts';
import { position } from './lines.ts';
import { openAt } from './open-at.ts';

// What the YAML parser objects to, in the words of someone who wrote a file and not a parser.

interface ParserError {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

/** The first objection of the parser: those after it are mostly consequences. */
export function describeSyntax(source: Source, errors: readonly ParserError[]): Problem[] {
  const first = [...errors].sort((a, b) => a.pos[0] - b.pos[0])[0];
  if (!first) return [];
  const at = withinLine(source, first.pos);
  const tab = tabBefore(source, first.pos[0]);
  if (tab) {
    return [
      yamlSyntax(tab, "Tabs can't indent in YAML.", 'Use spaces, two for each level.', {
        at: tab,
        text: '  '.repeat(tab.end - tab.start),
      }),
    ];
  }
  const open = mayBeOpen(first) ? openAt(source.text, at.start) : undefined;
  if (open) {
    const what = /["']/.test(open.char) ? 'quote' : 'bracket';
    const place = { source, start: open.start, end: open.start + 1 };
    return [yamlSyntax(place, `This ${what} is opened and not closed.`, closing(source, place, at))];
  }
  const [message, hint] = explain(first, at);
  return [yamlSyntax(at, message, hint)];
}

/** Objections that mostly come from a bracket or a quote that wasn't closed. */
function mayBeOpen({ code, message }: ParserError): boolean {
  if (code === 'MISSING_CHAR') return /quote|flow|expected|\]|\}/i.test(message);
  return code === 'BAD_INDENT' && /closing|flow/i.test(message);
}

function closing(source: Source, open: Place, noticed: Place): string {
  const [from, to] = [position(open).line, position({ ...noticed, source }).line];
  return from === to ? 'Close it on this line.' : `Close it; that it is open was noticed in line ${to}.`;
}

function explain(error: ParserError, at: Place): [string, string?] {
  const text = at.source.text.slice(at.start, at.start + 200);
  const char = text[0];
  if (/^- /.test(text) && error.code === 'BLOCK_AS_IMPLICIT_KEY') {
    return [
      "A list item can't stand here.",
      'The keys around it make a map. A list begins on a line of its own below its key.',
    ];
  }
  switch (error.code) {
    case 'MULTIPLE_DOCS':
      return [
        'A second document begins here.',
        'One file describes one app: write what differs under environments.',
      ];
    case 'BAD_INDENT':
      if (/closing|flow/i.test(error.message)) {
        return ['What is inside brackets must be indented deeper than the line they began on.'];
      }
      return [
        'This line is indented differently from those it belongs to.',
        'Keys of one map begin in the same column; items of one list too.',
      ];
    case 'BLOCK_AS_IMPLICIT_KEY':
      return [
        'A value and a new key stand on one line.',
        'Begin a new line for the inner key, or put quotes around a value that contains ": ".',
      ];
    case 'MULTILINE_IMPLICIT_KEY':
      return [
        "This line has no colon, so the key can't be told from its value.",
        'Write KEY: VALUE, with a space after the colon.',
      ];
    case 'BLOCK_IN_FLOW':
      return [
        "A list or a map with indentation can't stand inside brackets.",
        'Write all of it with brackets, or none.',
      ];
    case 'BAD_SCALAR_START':
      return [
        `A value can't begin with ${char ?? 'this'}.`,
        char === '%' || char === '@' || char === '`'
          ? `Put it in quotes: '${char}…'.`
          : 'Put the value in quotes.',
      ];
    case 'BAD_DQ_ESCAPE':
      return [
        "Within double quotes a backslash begins an escape, and this one doesn't exist.",
        'Use single quotes, or write \\\\ for a backslash.',
      ];
    case 'BAD_ALIAS':
    case 'ALIAS_PROPS':
      return [
        "A value can't begin with * or & : they mark YAML's anchors.",
        'Put the value in quotes, for example "*.example.com".',
      ];
    case 'MISSING_CHAR':
      return missing(error);
    case 'UNEXPECTED_TOKEN':
      if (/flow-(seq|map)-start/.test(error.message)) {
        return [
          'A bracket in the midst of a value.',
          'Within brackets, a value that contains [ ] { } or a comma needs quotes.',
        ];
      }
      if (/seq-item-ind|block-seq/.test(error.message)) {
        return [
          "A list item can't stand here.",
          'A list begins on a line of its own below its key, or in brackets.',
        ];
      }
      return [
        "This doesn't belong here.",
        'Look at the line before: a bracket, a quote or a comma may be missing or too many.',
      ];
    case 'TAB_AS_INDENT':
      return ["Tabs can't indent in YAML.", 'Use spaces, two for each level.'];
    case 'BAD_COLLECTION_TYPE':
    case 'TAG_RESOLVE_FAILED':
      return [
        'YAML tags (!…) mean nothing here.',
        'Remove the tag; a value that begins with ! needs quotes.',
      ];
    case 'KEY_OVER_1024_CHARS':
      return ['This key is longer than 1024 characters.', 'A colon may be in the wrong place.'];
    case 'RESOURCE_EXHAUSTION':
      return ['This is nested too deeply.'];
    default:
      return [`This is not valid YAML: ${error.message.replace(/\s+at line .*$/s, '')}`];
  }
}

function missing(error: ParserError): [string, string?] {
  if (/quote/i.test(error.message)) {
    return ['A quote is opened and not closed.', 'Close it; a quote within single quotes is written twice.'];
  }
  if (/flow (map|sequence|collection)|expected .* to end|\]|\}/i.test(error.message)) {
    return ['A bracket is opened and not closed.', 'Close it, or look for one closed too early.'];
  }
  if (/space|separat/i.test(error.message)) return ['A space is missing here.'];
  if (/comma|,/.test(error.message)) return ['A comma is missing between two entries in brackets.'];
  return [
    'A colon, or a value after it, is missing.',
    'Write KEY: VALUE, with a space after the colon; a value that contains ": " or " #" needs quotes.',
  ];
}

/** The tab that indents the line of an offset, where one does. */
function tabBefore(source: Source, offset: number): Place | undefined {
  const lineStart = source.text.lastIndexOf('\n', Math.max(0, offset - 1)) + 1;
  for (const start of [lineStart, source.text.indexOf('\n', offset) + 1]) {
    const indent = /^ *(\t+)[^\s]/.exec(source.text.slice(start, start + 200));
    if (indent) {
      const at = start + indent[0].length - 1 - indent[1]!.length;
      return { source, start: at, end: at + indent[1]!.length };
    }
  }
  return undefined;
}

/** An offset behind the last line is shown at the end of it; a span never goes beyond its first line. */
function withinLine(source: Source, [from, to]: readonly [number, number]): Place {
  let start = Math.max(0, Math.min(from, source.text.length));
  if (start === source.text.length) start = source.text.trimEnd().length;
  // An objection to an indentation is one to what is indented.
  const indent = /^[ ]+(?=[^\s])/.exec(source.text.slice(start, start + 1000))?.[0].length ?? 0;
  if (indent > 0 && (start === 0 || source.text[start - 1] === '\n')) {
    start += indent;
    const word = /^[^\s:]*/.exec(source.text.slice(start, start + 100))![0].length;
    return { source, start, end: start + word };
  }
  const lineEnd = source.text.indexOf('\n', start);
  const end = Math.min(Math.max(to, start), lineEnd < 0 ? source.text.length : lineEnd);
  return { source, start, end: Math.max(start, end) };
}
