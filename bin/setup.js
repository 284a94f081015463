// Runs a script of this checkout on a machine where nothing was prepared: installs what package-lock.json
// names, when it is not there yet, and hands over to the Node.js that came with it. So it must itself run on
// any Node.js from 18 on, and import nothing but Node's own modules.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'node_modules', '.paas-setup');
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
const node = join(root, 'node_modules', '.bin', 'node');

if (!existsSync(node) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  process.stderr.write('Installing the packages that package-lock.json names (about 20 s, once) …\n');
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (npm.status !== 0) {
    process.stderr.write(`npm ${args.join(' ')} failed${npm.error ? `: ${npm.error.message}` : ''}\n`);
    process.exit(npm.status ?? 1);
  }
  writeFileSync(stamp, wanted);
}

const [script, ...args] = process.argv.slice(2);
const path = `${join(root, 'node_modules', '.bin')}:${process.env.PATH}`;
const child = spawn(node, [join(root, script), ...args], {
  stdio: 'inherit',
  env: { ...process.env, PATH: path },
});
// A terminal sends its signals to the whole group; what is sent to this process alone must be handed on.
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
process.on('SIGINT', () => {});
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
