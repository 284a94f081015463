#!/usr/bin/env node
// The program as it is shipped: what `npm run build` has put into dist. For a run from the sources: bin/dev.js.
// This file itself runs on any Node.js, so that an old one gets a clear answer.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import nodeModule from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const minimum = [22, 19];
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < minimum[0] || (major === minimum[0] && minor < minimum[1])) {
  // A checkout has a current Node.js among its packages.
  const own = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
  if (!existsSync(own)) {
    process.stderr.write(
      `paas needs Node.js ${minimum.join('.')} or newer; this is ${process.versions.node} (${process.execPath}).\n`,
    );
    process.exit(7);
  }
  const child = spawn(own, process.argv.slice(1), { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both; what is sent to this process alone is handed on.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const [code, signal] = await once(child, 'exit');
  process.exit(code ?? 128 + constants.signals[signal]);
}

// Asked for in every script, and so answered without loading anything else.
if (process.argv[2] === '--version' && process.argv.length === 3) {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  // A reader that has gone needs no answer.
  process.stdout.on('error', ({ code, message }) => {
    if (code === 'EPIPE') return;
    process.stderr.write(`error The standard output can't be written: ${message}\n`);
    process.exitCode = 1;
  });
  process.stdout.write(`paas/${version} ${process.platform}-${process.arch} node-${process.version}\n`);
} else {
  nodeModule.enableCompileCache();
  const program = new URL('../dist/cli/start.js', import.meta.url);
  if (!existsSync(program)) {
    process.stderr.write(
      'This checkout is not built yet: npm run build (or run the sources with bin/dev.js).\n',
    );
    process.exit(1);
  }
  const { start } = await import(program.href);
  await start(new URL('..', import.meta.url));
}
