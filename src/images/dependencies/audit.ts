import { execa } from 'execa';
import { type Finding, type Report, reports } from './read-audit.ts';

/** How each tool is asked for known-bad versions. Those that are no part of the tool count only where they are installed. */
const audits: Readonly<
  Record<string, { readonly program: string; readonly args: readonly string[]; readonly report: Report }>
> = {
  npm: { program: 'npm', args: ['audit', '--json', '--omit=dev'], report: 'npm' },
  pnpm: { program: 'pnpm', args: ['audit', '--json', '--prod'], report: 'pnpm' },
  pip: {
    program: 'pip-audit',
    args: ['--requirement', 'requirements.txt', '--format', 'json', '--progress-spinner', 'off'],
    report: 'pip',
  },
  bundler: { program: 'bundle-audit', args: ['check', '--format', 'json'], report: 'bundler' },
  composer: {
    program: 'composer',
    args: ['audit', '--format=json', '--locked', '--no-dev'],
    report: 'composer',
  },
};

export type Audit =
  | { readonly asked: true; readonly findings: readonly Finding[] }
  /** Said plainly: nobody may take it for "nothing was found". */
  | { readonly asked: false; readonly why: string };

/** Asks a tool for known-bad versions among the dependencies that run. Never throws for what the tool says. */
export async function audit(
  tool: string,
  folder: string,
  signal: AbortSignal,
  /** Milliseconds. */
  patience = 20_000,
): Promise<Audit> {
  const about = audits[tool];
  if (!about) return { asked: false, why: `${tool} has no audit` };
  const { program, args, report } = about;
  const result = await execa(program, args, {
    cwd: folder,
    reject: false,
    timeout: patience,
    stdin: 'ignore',
    cancelSignal: signal,
  });
  signal.throwIfAborted();
  if (result.code === 'ENOENT') return { asked: false, why: `${program} is not installed` };
  if (result.timedOut) return { asked: false, why: `${program} gave no answer within ${patience / 1000} s` };
  try {
    const findings = reports[report](JSON.parse(result.stdout) as object);
    if (findings) return { asked: true, findings };
  } catch {
    // Not the report: its words are below.
  }
  const said = `${result.stderr}\n${result.stdout}`
    .split('\n')
    .find((line) => /\berr|\b[45]\d\d\b/i.test(line));
  return { asked: false, why: `${program} could not ask${said ? `: ${said.trim().slice(0, 200)}` : ''}` };
}
