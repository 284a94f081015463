import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { connect } from '../../src/cluster/connect.ts';
import { request } from '../../src/cluster/request.ts';
import { until } from '../cluster/wait.ts';
import { type TestApp, test } from '../support/app.ts';
import { context, image, kubectl, kubectlInput, patience, small } from '../support/cluster.ts';
import { withExtras } from '../support/extras.ts';
import { patch, web } from '../support/faulty-app.ts';
import { follow, says, wordsOf } from '../support/follow.ts';

// A deploy waits for what is neither a workload nor a job, too, by the word of its controller.

/** A kind of an app's own; the test plays its controller, with the words that controllers use. */
async function makeKind({ name, namespace }: TestApp): Promise<{
  group: string;
  setStatus: (status: object) => Promise<unknown>;
  remove: () => Promise<unknown>;
}> {
  const group = `${name}.example.com`;
  const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `keys.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind: 'Key', plural: 'keys' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec: anything, status: anything } } },
          subresources: { status: {} },
        },
      ],
    },
  };
  await kubectlInput(JSON.stringify(crd), 'apply', '-f', '-');
  // Not `kubectl wait`, which fails as long as the definition has no conditions at all. And it is established before the
  // API tells of its kind.
  await until(`the kind of ${group}`, async () =>
    /"Key"/.test(await kubectl('get', '--raw', `/apis/${group}/v1`)),
  );
  const cluster = connect({ context, cluster: undefined, kubeconfig: process.env.KUBECONFIG, inPod: false });
  return {
    group,
    // Without a program that first has to start: a deploy goes on where a controller says nothing for 5 s.
    setStatus: (status) =>
      request(cluster, {
        method: 'PATCH',
        path: `/apis/${group}/v1/namespaces/${namespace}/keys/made/status`,
        contentType: 'application/merge-patch+json',
        body: { status },
      }),
    remove: () => kubectl('delete', 'crd', `keys.${group}`, '--wait=false'),
  };
}

const writeManifest = ({ folder }: TestApp, yaml: string): void => {
  mkdirSync(join(folder, '.paas', 'manifests'), { recursive: true });
  writeFileSync(join(folder, '.paas', 'manifests', 'key.yaml'), yaml);
};

describe.concurrent('a kind that the cluster has got from others (SHIP-8)', () => {
  test('is waited for before anything runs that may need it', async ({ makeApp }) => {
    const app = makeApp(web({ env: 'MODE: ok, TOKEN: {secret: made, key: token}' }));
    const { group, setStatus, remove } = await makeKind(app);
    try {
      writeManifest(app, `apiVersion: ${group}/v1\nkind: Key\nmetadata: {name: made}\nspec: {}\n`);
      const run = follow(app, ['deploy']);
      await run.event(({ type, object }) => type === 'done' && object === 'key/made');
      const conditions = [
        { type: 'Ready', status: 'False', reason: 'Waiting', message: 'no answer from the vault' },
      ];
      await setStatus({ observedGeneration: 1, conditions });
      const { event } = await run.event(says('object-not-ready'));
      expect(wordsOf(event)).toBe("key/made isn't ready: no answer from the vault (Waiting).");
      await kubectl('create', 'secret', 'generic', 'made', '--from-literal=token=1', '-n', app.namespace);
      await setStatus({ conditions: [{ type: 'Ready', status: 'True' }] });
      const { code, events } = await run.end;
      expect(code).toBe(0);
      const at = (object: string) => events.findIndex((one) => one.type === 'done' && one.object === object);
      const ready = events.findIndex((one) => one.component === 'key/made' && one.state === 'ready');
      expect(ready).toBeLessThan(at('deployment/web'));
    } finally {
      await remove();
    }
  });

  test('fails the release when its controller gives up; and again, when nothing was mended', async ({
    makeApp,
  }) => {
    const app = makeApp(web({}));
    const { group, setStatus, remove } = await makeKind(app);
    try {
      writeManifest(app, `apiVersion: ${group}/v1\nkind: Key\nmetadata: {name: made}\nspec: {}\n`);
      const first = follow(app, ['deploy']);
      await first.event(({ type, object }) => type === 'done' && object === 'key/made');
      const conditions = [
        { type: 'Stalled', status: 'True', reason: 'Denied', message: 'the vault says no' },
      ];
      await setStatus({ observedGeneration: 1, conditions });
      const again = async (): Promise<void> => {
        const { code, events } = await (events0 ?? follow(app, ['deploy'])).end;
        expect(code).toBe(3);
        expect(events.find(({ type }) => type === 'problem')?.problem).toMatchObject({
          code: 'object-refused',
          message: expect.stringContaining("key/made can't be made: the vault says no (Denied)."),
          failure: { object: 'key/made', next: `kubectl describe key/made -n ${app.namespace}` },
        });
      };
      let events0: typeof first | undefined = first;
      await again();
      events0 = undefined;
      await again();
    } finally {
      await remove();
    }
  });
});

/** The controller of load balancers is played by the test. */
async function giveAddress({ namespace }: TestApp): Promise<void> {
  const status = JSON.stringify({ status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } });
  const subresource = ['--subresource=status', '--type=merge', `--patch=${status}`];
  await kubectl('patch', 'service/web', '-n', namespace, ...subresource);
}

test.concurrent('an address from outside is waited for (SHIP-8)', async ({ makeApp }) => {
  const app = makeApp(web({}));
  patch(app, 'kind: Service\nmetadata: {name: web}\nspec: {type: LoadBalancer}\n');
  const run = follow(app, ['deploy']);
  const { event } = await run.event(says('no-address'));
  expect(wordsOf(event)).toContain('service/web has no address from outside yet');
  await giveAddress(app);
  expect((await run.end).code).toBe(0);
});

test.concurrent('what becomes ready in a namespace that is being deleted is no success (SHIP-8)', async ({
  makeApp,
}) => {
  // Its instance doesn't stop when it is told to; a namespace lets the rest go only after all instances.
  const app = makeApp(web({ env: 'MODE: hang' }));
  patch(app, 'kind: Service\nmetadata: {name: web}\nspec: {type: LoadBalancer}\n');
  const run = follow(app, ['deploy']);
  await run.event(says('no-address'));
  await kubectl('delete', 'namespace', app.namespace, '--wait=false');
  await giveAddress(app);
  const { code, events } = await run.end;
  const problem = events.find(({ type }) => type === 'problem')?.problem;
  expect([code, problem?.code]).toEqual([1, 'namespace-ending']);
});

describe('a route of the Gateway API (SHIP-8)', () => {
  withExtras('crds', 'istio');

  const gateway = (name: string): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: ${name}, namespace: istio-system}
spec:
  gatewayClassName: istio
  addresses: [{type: Hostname, value: istio-ingressgateway.istio-system.svc.cluster.local}]
  listeners:
    - {name: http, port: 80, protocol: HTTP, hostname: "*.${name}.example.com", allowedRoutes: {namespaces: {from: All}}}
`;
  const platform = (app: TestApp, name: string): string[] => {
    writeFileSync(
      join(app.folder, 'platform.yaml'),
      `routing: {type: gateway_api, gateway: istio-system/${name}}\n`,
    );
    return ['deploy', '--platform', join(app.folder, 'platform.yaml')];
  };

  test('that the gateway does not take fails the release, with its line; one that it takes does not', async ({
    makeApp,
  }) => {
    const app = makeApp(web({ more: 'routes: [{host: other.example.com, tls: false}]' }));
    await kubectlInput(gateway(app.name), 'apply', '--filename=-');
    try {
      // Its controller knows of it: what it doesn't say of a route within 5 s isn't waited for.
      const which = ['gateways.gateway.networking.k8s.io', app.name, '--namespace=istio-system'];
      await kubectl('wait', ...which, '--for=condition=Accepted', patience);
      const refused = await follow(app, platform(app, app.name)).end;
      expect(refused.code).toBe(3);
      expect(refused.events.find(({ type }) => type === 'problem')?.problem).toMatchObject({
        code: 'route-refused',
        at: { line: 8 },
        message: expect.stringMatching(
          new RegExp(`The gateway istio-system/${app.name} doesn't take httproute/`),
        ),
      });
      app.write(web({ more: `routes: [{host: web.${app.name}.example.com, tls: false}]` }));
      const taken = await follow(app, platform(app, app.name)).end;
      expect([
        taken.code,
        taken.events.filter(({ type }) => type === 'warning' && /gateway/.test(type)),
      ]).toEqual([0, []]);
    } finally {
      await kubectl('delete', 'gateways.gateway.networking.k8s.io', app.name, '--namespace=istio-system');
    }
  });

  test('of a gateway that is not there: it is said, and the deploy goes on', async ({ makeApp }) => {
    const app = makeApp(
      web({ image: image('hello:1.0'), more: 'routes: [{host: a.example.com, tls: false}]' }),
    );
    const { code, events } = await follow(app, platform(app, 'no-such-gateway')).end;
    const warnings = events.filter(({ type }) => type === 'warning').map(({ message }) => message as string);
    expect([code, warnings.join()]).toEqual([
      0,
      expect.stringContaining('Nobody says that the gateway istio-system/no-such-gateway takes httproute/'),
    ]);
  });
});

test.concurrent('status tells of scheduled jobs how their last run went (SERVICES-8)', async ({
  makeApp,
}) => {
  const report = `  report: {image: "${image('faulty:1.0')}", schedule: "0 3 1 1 *", env: {MODE: crash}, resources: ${small}}\n`;
  const app = makeApp(`${web({})}${report}`);
  expect((await app.paas(['deploy'])).code).toBe(0);
  expect((await app.paas(['status'])).stdout).toMatch(/report +by clock +has not run yet \(0 3 1 1 \* UTC\)/);
  await kubectl('create', 'job', '--from=cronjob/report', 'report-1', '-n', app.namespace);
  await kubectl('wait', '--for=condition=Failed', 'job/report-1', '-n', app.namespace, patience);
  const { stdout } = await app.paas(['status']);
  expect(stdout).toMatch(/failed, .*: The program ended with exit code 3\. \[crash\]/);
});
