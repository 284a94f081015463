import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect } from 'vitest';
import { test } from '../support/app.ts';
import { image, kubectlJson, small } from '../support/cluster.ts';
import { type Diagnostic, startServer } from '../support/language-server.ts';
import { paas } from '../support/paas.ts';

// A platform team's feature, in a folder alone (platform/features/contact): a key of its own, an object, a patch.

const platform = join(import.meta.dirname, 'platform');
const withPlatform = ['--platform', join(platform, 'platform.yaml')];
const web = (more: string, name = 'web'): string =>
  `components:\n  ${name}:\n    image: ${image('hello:1.0')}\n    resources: ${small}\n${more}`;

describe.concurrent('a feature of a platform team', () => {
  test('its key is validated, with lines', async ({ makeApp }) => {
    const app = makeApp(web('    contact: {team: paymnts, reply_within: soon, phone: 1}\n'));
    const run = await app.paas(['validate', ...withPlatform]);
    expect(run.code).toBe(7);
    expect(run.stderr).toMatch(
      /contact\.team must be payments or logistics[\s\S]*paas\.yaml:6:21[\s\S]*Did you mean payments\?/,
    );
    expect(run.stderr).toMatch(/reply_within must be a duration[\s\S]*paas\.yaml:6:44/);
    expect(run.stderr).toMatch(/contact has no key phone[\s\S]*paas\.yaml:6:50/);
    const without = await app.paas(['validate']);
    expect(without.stderr).toContain('components.web has no key contact');
  });

  test('its key is explained', async ({ makeFolder }) => {
    const run = await paas(['explain', 'contact.reply_within', ...withPlatform], { cwd: makeFolder() });
    expect([run.code, run.stdout]).toEqual([0, expect.stringContaining('How soon somebody must answer.')]);
    expect(run.stdout).toMatch(/default +4h/);
  });

  test("its key is completed by the editor's language server", async ({ makeFolder }) => {
    const folder = makeFolder();
    const schema = await paas(['schema', ...withPlatform], { cwd: folder });
    writeFileSync(join(folder, 'paas.schema.json'), schema.stdout);
    const text =
      '# yaml-language-server: $schema=paas.schema.json\napp: shop\ncomponents:\n  web:\n    image: shop\n    contact: {team: nobody}\n  api:\n    image: shop\n    con\n';
    const uri = pathToFileURL(join(folder, 'paas.yaml')).href;
    writeFileSync(join(folder, 'paas.yaml'), text);
    const server = startServer();
    try {
      await server.request('initialize', {
        processId: process.pid,
        rootUri: pathToFileURL(folder).href,
        capabilities: { textDocument: { completion: {}, hover: {} } },
      });
      server.notify('initialized', {});
      server.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
      const { diagnostics } = await server.waitFor<{ diagnostics: Diagnostic[] }>(
        'textDocument/publishDiagnostics',
        (params) => params.diagnostics.length > 0,
      );
      expect(diagnostics.map(({ message }) => message).join('\n')).toContain('payments');
      const hover = await server.request<{ contents: { value: string } }>('textDocument/hover', {
        textDocument: { uri },
        position: { line: 5, character: 6 },
      });
      expect(hover.contents.value).toContain('Who is called when the component is in trouble');
      const completion = await server.request<{ items: { label: string }[] }>('textDocument/completion', {
        textDocument: { uri },
        position: { line: 8, character: 7 },
      });
      expect(completion.items.map(({ label }) => label)).toContain('contact');
    } finally {
      server.stop();
    }
  });

  test('it is deployed: an object of its own, and a patch of the pod', async ({ makeApp }) => {
    const app = makeApp(web('    contact: {team: payments}\n    port: 8080\n'));
    const run = await app.paas(['deploy', ...withPlatform]);
    expect(run.all).toContain('Release 1 is live');
    const map = await kubectlJson<{ data: object }>('-n', app.namespace, 'get', 'configmap', 'web-contact');
    expect(map.data).toEqual({ team: 'payments', reply_within_seconds: '14400' });
    const { items } = await kubectlJson<{ items: Pod[] }>('-n', app.namespace, 'get', 'pods');
    expect(items[0]?.metadata.annotations['example.com/contact']).toBe('payments');
    expect(items[0]?.spec.containers[0]?.env).toContainEqual({ name: 'CONTACT', value: 'payments' });

    const why = await app.paas(['explain', 'configmap/web-contact', 'data.team', ...withPlatform]);
    expect(why.stdout).toMatch(/comes from components\.web\.contact\.team[\s\S]*paas\.yaml:6:21/);
    expect(why.stdout).toMatch(/Written by contact \(.*contact\/objects\/config-map\.yaml:6/);
    // What is no longer asked for goes.
    app.write(web('    port: 8080\n'));
    expect((await app.paas(['deploy', ...withPlatform])).all).toContain('deleted configmap/web-contact');
  });
});

interface Pod {
  readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly { readonly env: readonly object[] }[] };
}

describe.concurrent("features, and the app's own word", () => {
  const files = (folder: string, contents: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(contents)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  };

  test('two that set one field otherwise: a problem naming both, with both places', async ({ makeApp }) => {
    const app = makeApp(web(''));
    files(app.folder, {
      '.paas/features/slow/feature.yaml': 'description: Ends slowly.\nafter: [component]\n',
      '.paas/features/slow/patches/pod.yaml': 'spec:\n  terminationGracePeriodSeconds: 300\n',
      '.paas/features/zeal/feature.yaml': 'description: Other images.\nafter: [component]\n',
      '.paas/features/zeal/patches/container.yml': 'image: other\nenv:\n  - {name: A, value: b}\n',
    });
    const run = await app.paas(['render']);
    expect(run.code).toBe(7);
    expect(run.stderr).toMatch(
      /Two features set spec\.template\.spec\.terminationGracePeriodSeconds of deployment\/web: component to 30, slow to 300\. \[feature-conflict\]\n +--> \.paas\/features\/slow\/patches\/pod\.yaml:2:34/,
    );
    expect(run.stderr).toMatch(/component sets it here\n +--> templates\/component\/patches\/pod\.yaml:\d+/);
    expect(run.stderr).toMatch(/zeal to "other"/);
  });

  test('patches and manifests by hand have the last word', async ({ makeApp }) => {
    const app = makeApp(web('    port: 8080\n'));
    files(app.folder, {
      '.paas/manifests/limits.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: limits, labels: {tier: "1"}}\ndata: {note: "$" }\n',
      '.paas/patches/web.yaml':
        'kind: Deployment\nmetadata: {name: web}\nspec:\n  revisionHistoryLimit: 7\n  template:\n    spec:\n      tolerations: [{key: gpu, operator: Exists}]\n      terminationGracePeriodSeconds: null\n',
    });
    const run = await app.paas(['deploy']);
    expect(run.all).toContain('Release 1 is live');
    const web1 = await kubectlJson<{ spec: { revisionHistoryLimit: number; template: { spec: object } } }>(
      ...['-n', app.namespace, 'get', 'deployment', 'web'],
    );
    expect(web1.spec.revisionHistoryLimit).toBe(7);
    expect(web1.spec.template.spec).toMatchObject({ tolerations: [{ key: 'gpu', operator: 'Exists' }] });
    const limits = await kubectlJson<{ metadata: { labels: object }; data: object }>(
      ...['-n', app.namespace, 'get', 'configmap', 'limits'],
    );
    expect(limits.data).toEqual({ note: '$' });
    expect(limits.metadata.labels).toMatchObject({ tier: '1', 'paas.internal/app': app.name });
    const why = await app.paas(['explain', 'deployment/web', 'spec.revisionHistoryLimit']);
    expect(why.stdout).toMatch(/Written by \.paas\/patches\/web\.yaml \(\.paas\/patches\/web\.yaml:4:\d+\)/);
    expect(why.stdout).toContain('It takes the place of what component says');

    files(app.folder, { '.paas/patches/none.yaml': 'kind: Deployment\nmetadata: {name: wob}\nspec: {}\n' });
    const none = await app.paas(['render']);
    expect([none.code, none.stderr]).toEqual([7, expect.stringContaining('Did you mean deployment/web?')]);
  });

  test.for([
    [
      'a key that is there',
      { 'schema.yaml': 'port: {description: Mine.}\n' },
      'has a key port already',
      'schema.yaml:1:1',
    ],
    [
      'no description',
      { 'schema.yaml': 'mine: {type: string}\n' },
      'mine needs a description',
      'schema.yaml:1:1',
    ],
    [
      'an unknown type',
      { 'schema.yaml': 'mine: {description: Mine., x-type: week}\n' },
      'There is no such x-type',
      'schema.yaml:1:36',
    ],
    [
      'an expression that fails',
      { 'objects/a.yaml': 'kind: {$eval: component.nothing.at.all}\n' },
      "can't be rendered",
      'objects/a.yaml:1:1',
    ],
    [
      'a patch of nothing',
      { 'patches/sidecar.yaml': 'a: 1\n' },
      'called after what it changes',
      'patches/sidecar.yaml:1:1',
    ],
    ['YAML that is none', { 'objects/a.yaml': 'a: [\n' }, '', 'objects/a.yaml:'],
    [
      'an unknown key',
      { 'feature.yaml': 'description: x\nwhenn: y\n' },
      "doesn't know whenn",
      'feature.yaml:2:1',
    ],
    [
      'an object of the same name',
      { 'objects/a.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web}\n' },
      'is made twice',
      'objects/a.yaml:',
    ],
  ] as const)('what is wrong in one is told with its place: %s', async ([, own, says, at], { makeApp }) => {
    const app = makeApp(web(''));
    const folder = '.paas/features/mine';
    const all = { 'feature.yaml': 'description: Mine.\n', ...own };
    files(
      app.folder,
      Object.fromEntries(Object.entries(all).map(([path, text]) => [`${folder}/${path}`, text])),
    );
    const run = await app.paas(['render']);
    expect([run.code, run.stderr]).toEqual([7, expect.stringContaining(says)]);
    expect(run.stderr).toContain(`${folder}/${at}`);
  });

  test('the platform says which built-in ones an app may replace', async ({ makeApp }) => {
    const app = makeApp(web('    port: 8080\n'));
    files(app.folder, {
      '.paas/features/health/feature.yaml': 'description: No questions asked.\n',
      'closed.yaml': 'unit: {cpu: "1", memory: 512M}\nshadow: [routes]\n',
      'open.yaml': 'shadow: [health]\n',
    });
    const closed = await app.paas(['render', '--platform', 'closed.yaml']);
    expect([closed.code, closed.stderr]).toEqual([7, expect.stringContaining('[may-not-shadow]')]);
    const open = await app.paas(['render', '--platform', 'open.yaml']);
    expect([open.code, open.stdout.includes('readinessProbe')]).toEqual([0, false]);
    expect((await app.paas(['render'])).stdout).not.toContain('readinessProbe');
  });
});
