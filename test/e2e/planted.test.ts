import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { openApiProxy } from '../support/api-proxy.ts';
import { test } from '../support/app.ts';
import { image, kubectlJson, small } from '../support/cluster.ts';

// A stored value goes into the cluster's own Secret, and nowhere else: no output, record, file or argument has it.

const web = (tag: string): string => `
components:
  web:
    image: ${image(`faulty:${tag}`)}
    port: 8080
    resources: ${small}
    env: {MODE: ok, TOKEN: {secret: token}}
    files: {/run/token: {secret: token}}
`;

interface Secrets {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly data?: Record<string, string>;
  }[];
}

test('a stored value is found nowhere but in its Secret', async ({ makeApp }) => {
  const app = makeApp(web('1.0'));
  const value = `planted-${randomBytes(12).toString('hex')}`;
  const outputs: string[] = [];
  const listed = new Set<string>();
  const proxy = await openApiProxy(app.folder);
  // At each request it is looked at what the programs of this machine were started with.
  proxy.decide = () => {
    for (const command of commandLines()) listed.add(command);
    return { do: 'pass' };
  };
  const run = async (args: string[], env: Record<string, string> = {}): Promise<number> => {
    const { code, all } = await app.paas(args, { env: { ...proxy.env, DEBUG: '*', ...env } });
    outputs.push(all);
    return code;
  };
  try {
    expect(await run(['secrets', 'set', 'token', '--from-env', 'V'], { V: value })).toBe(0);
    expect(await run(['deploy', '--json'])).toBe(0);
    app.write(web('1.1'));
    expect(await run(['diff', '--json'])).toBe(2);
    expect(await run(['deploy'])).toBe(0);
    for (const args of [
      ['render'],
      ['diff', '--markdown'],
      ['status', '--json'],
      ['releases', '--json'],
      ['releases', 'show', '1', '--yaml'],
      ['releases', 'diff', '1', '2', '--yaml'],
      ['secrets', 'list', '--json'],
      ['env', '--json'],
      ['explain', 'deployment/web'],
    ]) {
      expect(await run(args), args.join(' ')).toBe(0);
    }
    expect(await run(['rollback', '1', '--yes'])).toBe(0);
  } finally {
    await proxy.close();
  }
  const forms = [value, Buffer.from(value).toString('base64').replace(/=+$/, '')];
  const has = (text: string): boolean => forms.some((form) => text.includes(form));
  expect(outputs.filter(has)).toEqual([]);
  expect([...listed].filter(has)).toEqual([]);
  for (const file of readdirSync(app.folder, { recursive: true, withFileTypes: true })) {
    if (file.isFile())
      expect(has(readFileSync(`${file.parentPath}/${file.name}`, 'utf8')), file.name).toBe(false);
  }
  const { items } = await kubectlJson<Secrets>('-n', app.namespace, 'get', 'secrets');
  const holders = items.filter(({ data = {} }) => Object.values(data).some((entry) => has(opened(entry))));
  expect(holders.map(({ metadata }) => metadata.name)).toEqual(['secret-token-v1']);
});

/** What a Secret holds, and what is compressed in it. */
function opened(entry: string): string {
  const bytes = Buffer.from(entry, 'base64');
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
}

function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8')];
      } catch {
        return [];
      }
    });
}
