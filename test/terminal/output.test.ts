import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { program, root } from '../support/paas.ts';

// What becomes of a command whose output nobody takes: never a stack trace, and no success that wasn't.

const commands = [
  '--version',
  '--help',
  'validate --json',
  'render',
  'explain components.scaling_policy',
  'schema',
];
const cwd = join(root, 'examples', 'hello');

describe.each(commands)('paas %s', (command) => {
  const words = command.split(' ');

  test('to a full disk', () => {
    const full = openSync('/dev/full', 'w');
    try {
      const { status, stderr } = spawnSync(process.execPath, [program, ...words], {
        cwd,
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
      });
      expect([status, stderr]).toEqual([
        1,
        expect.stringMatching(/^error The standard output can't be written: .*(disk is full|no space left)/),
      ]);
      expect(stderr).not.toMatch(/^\s+at /m);
    } finally {
      closeSync(full);
    }
  });

  test('to a reader that has gone', async () => {
    const run = execa(process.execPath, [program, ...words], { cwd, buffer: false, reject: false });
    run.stdout.destroy();
    let said = '';
    run.stderr.on('data', (data) => {
      said += data;
    });
    const { exitCode } = await run;
    expect([exitCode, said]).toEqual([0, '']);
  });
});
