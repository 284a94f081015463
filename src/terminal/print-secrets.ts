import type { SecretState } from '../observe/secrets.ts';
import { ago } from './ago.ts';
import { type Screen, styleOf } from './style.ts';

/** The secrets of an app, for a person: what is stored, what is missing, who uses it. */
export function printSecrets(secrets: readonly SecretState[], now: number, screen: Screen): void {
  if (secrets.length === 0) {
    screen.write('None is stored, and paas.yaml refers to none: paas secrets set NAME\n');
    return;
  }
  const style = styleOf(screen);
  const width = Math.max(6, ...secrets.map(({ name }) => name.length));
  screen.write(`${style.dim(`${'secret'.padEnd(width)}  version  stored            used by`)}\n`);
  for (const { name, version, at, usedBy } of secrets) {
    const stored = at === null ? style.red('missing'.padEnd(16)) : ago(now - Date.parse(at)).padEnd(16);
    const users = usedBy.join(', ') || style.dim('nothing in paas.yaml');
    screen.write(`${name.padEnd(width)}  ${String(version ?? '-').padEnd(7)}  ${stored}  ${users}\n`);
  }
}
