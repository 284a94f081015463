import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { test } from '../support/app.ts';
import { type Diagnostic, startServer } from '../support/language-server.ts';
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
    components: {web: {instances: 1, package: target/a.war}}
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
      /A built package .*\. Not yet: paas can't do it \\?\(publishing packages/,
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
