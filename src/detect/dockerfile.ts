import { shownIn } from './dependencies.ts';
import { escapeOf } from './dockerfile-escape.ts';
import type { SourceFolder } from './source-folder.ts';

/** What a Dockerfile tells of the image that it makes. */
export interface Dockerfile {
  /** Its name in the folder. */
  readonly file: string;
  /** The first TCP port that is exposed, and where. */
  readonly port: number | undefined;
  readonly portAt: string | undefined;
  /** The path of its health check, if that is one over HTTP. */
  readonly health: string | undefined;
  /** The user that it ends with, as written; undefined where it says none. */
  readonly user: string | undefined;
  /** The image that the last stage begins with. */
  readonly base: string;
}

const names = ['Dockerfile', 'Containerfile', 'dockerfile'];

/** The Dockerfile of a folder, if it has one. Source: Dockerfile reference. */
export async function readDockerfile(source: SourceFolder): Promise<Dockerfile | undefined> {
  const file = names.find(source.has);
  const text = file && (await source.read(file));
  if (file === undefined || text === undefined) return undefined;
  const stages = new Map<string, Stage>();
  const globals = new Map<string, string>();
  let stage: Stage | undefined;
  for (const { name, rest, line } of instructions(text)) {
    if (name === 'FROM') {
      const [image = '', , as] = rest.replace(/--\S+\s+/g, '').split(/\s+/);
      const from = expand(image, globals);
      const parent = stages.get(from.toLowerCase());
      stage = parent ? { ...parent, values: new Map(parent.values) } : startStage(from, globals);
      stages.set((as ?? `#${stages.size}`).toLowerCase(), stage);
    } else if (stage) apply(stage, name, rest, line);
    else if (name === 'ARG') readValues(rest, globals);
  }
  if (!stage) return undefined;
  const { port, line, health, user, base } = stage;
  const portAt = port === undefined ? undefined : `${shownIn(source, file)}:${line}`;
  return { file, port, portAt, health, user, base };
}

interface Stage {
  base: string;
  port: number | undefined;
  line: number;
  health: string | undefined;
  user: string | undefined;
  values: Map<string, string>;
}

function startStage(base: string, globals: ReadonlyMap<string, string>): Stage {
  return { base, port: undefined, line: 0, health: undefined, user: undefined, values: new Map(globals) };
}

function apply(stage: Stage, name: string, rest: string, line: number): void {
  if (name === 'ENV' || name === 'ARG') readValues(rest, stage.values);
  else if (name === 'USER') stage.user = expand(rest, stage.values);
  else if (name === 'HEALTHCHECK') {
    stage.health = /https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::[^/\s"']+)?(\/[^\s"'|\]]*)/.exec(
      rest,
    )?.[1];
  } else if (name === 'EXPOSE' && stage.port === undefined) {
    const ports = expand(rest, stage.values)
      .split(/\s+/)
      .filter((said) => !/\/udp$/i.test(said));
    const port = Number.parseInt(ports[0] ?? '', 10);
    if (port >= 1 && port <= 65_535) Object.assign(stage, { port, line });
  }
}

/** `A=1 B="two"`, and the old form `A 1`. */
function readValues(rest: string, values: Map<string, string>): void {
  const pairs = [...rest.matchAll(/(\w+)=("[^"]*"|'[^']*'|\S*)/g)];
  for (const [, name, value] of pairs) values.set(name!, expand(value!.replace(/^["']|["']$/g, ''), values));
  const old = pairs.length === 0 ? /^(\w+)\s+(.+)$/.exec(rest) : undefined;
  if (old) values.set(old[1]!, expand(old[2]!, values));
}

function expand(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(
    /\$(?:\{(\w+)(?::[-+]([^}]*))?\}|(\w+))/g,
    (_, name, otherwise, bare) => values.get(name ?? bare) ?? otherwise ?? '',
  );
}

/** The instructions with the lines that they begin in; comments and continued lines are seen to. */
function instructions(text: string): { name: string; rest: string; line: number }[] {
  const goOn = escapeOf(text);
  const found: { name: string; rest: string; line: number }[] = [];
  let open: { text: string; line: number } | undefined;
  for (const [index, said] of text.split(/\r?\n/).entries()) {
    if (/^\s*#/.test(said) || (open && said.trim() === '')) continue;
    open = { text: `${open ? `${open.text} ` : ''}${said.trim()}`, line: open?.line ?? index + 1 };
    if (open.text.endsWith(goOn)) {
      open = { ...open, text: open.text.slice(0, -1).trim() };
      continue;
    }
    const [, name, rest] = /^(\w+)\s+(.*)$/.exec(open.text) ?? [];
    if (name) found.push({ name: name.toUpperCase(), rest: rest!.trim(), line: open.line });
    open = undefined;
  }
  return found;
}
