import { randomBytes } from 'node:crypto';
import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { execa } from 'execa';
import { expect } from 'vitest';
import { test } from '../support/app.ts';
import { registryOf } from '../support/images.ts';

const long = process.env.PAAS_TEST_LONG === '1';
const megabyte = 1_000_000;

test('a large layer takes little memory, to pack it and to send it', async ({ makeFolder }) => {
  const root = makeFolder();
  // What can't be compressed has to be sent; the rest of the file is a hole, which costs no disk.
  const random = long ? 500 : 100;
  writeFileSync(join(root, 'large.bin'), '');
  for (let piece = 0; piece < random; piece += 10)
    appendFileSync(join(root, 'large.bin'), randomBytes(10 * megabyte));
  truncateSync(join(root, 'large.bin'), (long ? 1000 : 300) * megabyte);
  // Bundled, as the program is: to read TypeScript takes Node.js 60 MB.
  const program = join(makeFolder(), 'publish-folder.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'publish-folder.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);" },
  });
  const { host } = await registryOf();
  const publish = async () => {
    const { stdout } = await execa('node', [program, root, host]);
    return JSON.parse(stdout) as {
      digest: string;
      layers: { pushed: number };
      bytes: number;
      memory: number;
    };
  };
  const first = await publish();
  expect(first.layers.pushed).toBe(1);
  expect(first.bytes).toBeGreaterThan(random * megabyte);
  expect(first.memory).toBeLessThan(150 * megabyte);
  const again = await publish();
  expect(again).toMatchObject({ digest: first.digest, layers: { pushed: 0 } });
  console.log(
    `memory: ${Math.round(first.memory / megabyte)} MB, again ${Math.round(again.memory / megabyte)} MB`,
  );
});
