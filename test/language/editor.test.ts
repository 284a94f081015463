import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { test } from '../support/app.ts';
import { paas } from '../support/paas.ts';

// The real yaml-language-server, over stdio as an editor runs it, with the schema named by the modeline.

const text = `# yaml-language-server: $schema=schemas/paas.schema.json
app: shop
components:
  web:
    image: shop
    health: {http: /healthz}
    instnces: 2
    po
environments:
  staging:
    components: {web: {instances: 1, stop: {timeout: 1min}}}
`;

test('yaml-language-server completes, explains and objects', async ({ makeFolder }) => {
  const folder = makeFolder();
  mkdirSync(join(folder, 'schemas'));
  const { stdout } = await paas(['schema'], { cwd: folder });
  writeFileSync(join(folder, 'schemas/paas.schema.json'), stdout);
  const file = join(folder, 'paas.yaml');
  writeFileSync(file, text);
  const server = startServer();
  try {
    const uri = pathToFileURL(file).href;
    await server.request('initialize', {
      processId: process.pid,
      rootUri: pathToFileURL(folder).href,
      capabilities: {
        textDocument: { completion: { completionItem: { documentationFormat: ['markdown'] } }, hover: {} },
      },
      initializationOptions: {},
    });
    server.notify('initialized', {});
    server.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
    const textDocument = { uri };

    const diagnostics = await server.waitFor<{ diagnostics: Diagnostic[] }>(
      'textDocument/publishDiagnostics',
      (params) => params.diagnostics.length > 0,
    );
    const wrong = diagnostics.diagnostics.filter(({ range }) => range.start.line === 6);
    expect(wrong.map(({ message }) => message)).toEqual([expect.stringContaining('instnces')]);
    expect(diagnostics.diagnostics.filter(({ range }) => range.start.line > 7)).toEqual([]);

    const hover = await server.request<{ contents: { value: string } }>('textDocument/hover', {
      textDocument,
      position: { line: 5, character: 14 },
    });
    expect(hover.contents.value).toContain('A path that answers with a status from 200 to 399');

    const later = await server.request<{ contents: { value: string } }>('textDocument/hover', {
      textDocument,
      position: { line: 10, character: 38 },
    });
    // An editor shows it as Markdown, in which it escapes a few characters.
    expect(later.contents.value).toMatch(
      /How an instance ends\\?\. Not yet: paas can't do it \\?\(stop time\\?-outs/,
    );

    const completion = await server.request<{ items: { label: string; documentation?: unknown }[] }>(
      'textDocument/completion',
      { textDocument, position: { line: 7, character: 6 } },
    );
    const labels = completion.items.map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining(['port', 'ports', 'env', 'resources']));
    const port = completion.items.find(({ label }) => label === 'port');
    expect(JSON.stringify(port?.documentation)).toContain('The port that the program listens on');
  } finally {
    server.stop();
  }
});

interface Diagnostic {
  readonly message: string;
  readonly range: { readonly start: { readonly line: number } };
}

/** The language server protocol, as far as this test needs it. */
function startServer() {
  const require = createRequire(import.meta.url);
  const main = join(
    dirname(require.resolve('yaml-language-server/package.json')),
    'bin/yaml-language-server',
  );
  const child: ChildProcess = spawn(process.execPath, [main, '--stdio'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const answers = new Map<number, (result: unknown) => void>();
  const listeners = new Set<(method: string, params: unknown) => void>();
  let buffer = Buffer.alloc(0);
  let last = 0;
  const send = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    child.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  child.stdout?.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const head = /Content-Length: (\d+)\r\n(?:.*\r\n)*?\r\n/.exec(buffer.toString('latin1'));
      if (!head) return;
      const start = head.index + head[0].length;
      const end = start + Number(head[1]);
      if (buffer.length < end) return;
      const message = JSON.parse(buffer.subarray(start, end).toString());
      buffer = buffer.subarray(end);
      if (message.method === undefined) answers.get(message.id)?.(message.result);
      // What the server asks of the editor (its settings) has no answer here.
      else if (message.id !== undefined)
        send({
          id: message.id,
          result: message.method === 'workspace/configuration' ? [{}, {}, {}, {}, {}] : null,
        });
      else for (const listener of listeners) listener(message.method, message.params);
    }
  });
  return {
    notify: (method: string, params: object) => send({ method, params }),
    request: <T>(method: string, params: object): Promise<T> => {
      const id = ++last;
      send({ id, method, params });
      return new Promise<T>((answer) => answers.set(id, answer as (result: unknown) => void));
    },
    waitFor: <T>(wanted: string, fits: (params: T) => boolean): Promise<T> =>
      new Promise((found) => {
        listeners.add((method, params) => {
          if (method === wanted && fits(params as T)) found(params as T);
        });
      }),
    stop: () => child.kill(),
  };
}
