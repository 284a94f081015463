import type { KubeObject } from '../../src/cluster/cluster.ts';
import type { TestApp } from './app.ts';
import { image, kubectl, kubectlInput, kubectlJson, small } from './cluster.ts';
import { fillQuota, makeNamespace, patch, web } from './faulty-app.ts';
import { containersOf } from './witness.ts';

// Each really fails so, on a real cluster. `fact` is what the API holds then.

/** An app that fails. */
export interface FailingApp {
  readonly code: string;
  readonly yaml: string;
  /** What runs before, and well: then the release that fails has changed something. */
  readonly good?: string;
  /** What must be in its namespace, or beside its file. */
  readonly prepare?: (app: Pick<TestApp, 'name' | 'folder' | 'namespace'>) => Promise<unknown>;
  readonly fact: (object: KubeObject) => boolean;
  /** Whether the deploy ends by itself soon; else it is interrupted once the cause was said. */
  readonly ends: boolean;
  readonly says?: RegExp;
  readonly line?: string;
  readonly change?: string;
  /** The container that it is seen at. */
  readonly container?: string;
  /** A line of the program. */
  readonly last?: string;
}

const waitsFor = (reason: string) => (object: KubeObject) =>
  containersOf(object).some(({ state }) => state?.waiting?.reason === reason);
const ended =
  (exitCode: number, times = 1) =>
  (object: KubeObject) =>
    containersOf(object).some(
      ({ state, lastState, restartCount }) =>
        restartCount >= times - 1 && (state?.terminated ?? lastState?.terminated)?.exitCode === exitCode,
    );
const told = (reason: string, words: RegExp) => (object: KubeObject) =>
  object.reason === reason && words.test(object.message);
const refusedInstances = (object: KubeObject): boolean =>
  (object.status?.conditions ?? []).some(({ type }: { type: string }) => type === 'ReplicaFailure');

export const failingApps: Readonly<Record<string, FailingApp>> = {
  'a program that ends with an error': {
    code: 'crash',
    good: web({}),
    yaml: web({ env: 'MODE: crash, EXIT_CODE: 7' }),
    fact: ended(7, 3),
    ends: true,
    says: /ended with exit code 7, 3 times/,
    line: 'MODE: crash, EXIT_CODE: 7',
    change: 'env MODE ok → crash',
    last: 'fatal: cannot reach database db:5432',
  },
  'a program that ends well': {
    code: 'exited',
    yaml: web({ env: 'MODE: show' }),
    fact: ended(0, 3),
    ends: true,
    last: 'faulty starting in mode show',
  },
  'too much memory': {
    code: 'out-of-memory',
    yaml: web({ env: 'MODE: oom' }),
    fact: (pod) =>
      containersOf(pod).some(
        ({ state, lastState, restartCount }) =>
          restartCount >= 2 && (state?.terminated ?? lastState?.terminated)?.reason === 'OOMKilled',
      ),
    ends: true,
    says: /all of the 32Mi of memory/,
    last: 'holding 8 MiB',
  },
  'an image that is not there': {
    code: 'image-not-found',
    good: web({}),
    yaml: web({ image: 'faulty:9.9' }),
    fact: waitsFor('ErrImagePull'),
    ends: true,
    line: 'faulty:9.9',
    change: 'image',
  },
  'a program of another machine': {
    code: 'wrong-architecture',
    yaml: web({ image: 'faulty:alien' }),
    fact: ended(1),
    ends: true,
    line: 'faulty:alien',
  },
  'an image that runs as root': {
    code: 'runs-as-root',
    yaml: web({ image: 'faulty:rooted' }),
    fact: waitsFor('CreateContainerConfigError'),
    ends: true,
    says: /runs as root/,
  },
  'a program that writes to its root': {
    code: 'read-only-root',
    yaml: web({ env: 'MODE: write' }),
    fact: ended(1),
    ends: true,
    says: /may not write to \/state/,
    last: 'fatal: open /state: read-only file system',
  },
  'a command that is not in the image': {
    code: 'cannot-start',
    yaml: web({ more: 'entrypoint: [/nope]' }),
    fact: (pod) => waitsFor('RunContainerError')(pod) || ended(128)(pod),
    ends: true,
    line: 'entrypoint: [/nope]',
  },
  'a secret that is not there': {
    code: 'bad-config',
    yaml: web({ env: 'MODE: ok, TOKEN: {secret: gone, key: token}' }),
    fact: waitsFor('CreateContainerConfigError'),
    ends: true,
    says: /the Secret gone isn't there/,
  },
  'a helper beside the program that mounts what is not there': {
    code: 'bad-config',
    yaml: web({}),
    prepare: async (app) => {
      const helper = `{name: helper, image: "${image('faulty:1.0')}", args: [noport], volumeMounts: [{name: nope, mountPath: /nope}], resources: {limits: {cpu: 10m, memory: 32Mi}}}`;
      const volume = '{name: nope, configMap: {name: nope}}';
      patch(
        app,
        `kind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [${helper}], volumes: [${volume}]}}}\n`,
      );
    },
    fact: told('FailedMount', /nope/),
    ends: true,
    says: /the ConfigMap nope isn't there/,
    container: 'helper',
  },
  'a health check that fails': {
    code: 'probe-failing',
    good: web({ more: 'health: {http: /, interval: 1s}' }),
    yaml: web({ env: 'MODE: unready', more: 'health: {http: /healthz, interval: 1s}' }),
    fact: told('Unhealthy', /503/),
    ends: false,
    says: /readiness check \(GET \/healthz on port 8080\) got status 503: warming up/,
  },
  'a startup check that ends the program': {
    code: 'probe-failing',
    yaml: web({
      env: 'MODE: unready',
      more: 'health: {startup: {http: /healthz, interval: 1s, failures: 1}}',
    }),
    fact: told('Unhealthy', /Startup probe/),
    ends: true,
    says: /ended it because its startup check \(GET \/healthz on port 8080\) got status 503/,
    last: 'listening on :8080',
  },
  'a program that listens on localhost only': {
    code: 'listens-on-localhost',
    yaml: web({ env: 'MODE: local', more: 'health: {interval: 1s}' }),
    fact: (event) => told('Unhealthy', /refused/)(event) && event.count > 2,
    ends: true,
    last: 'listening on 127.0.0.1:8080',
  },
  'a program that listens on another port': {
    code: 'listens-elsewhere',
    yaml: web({ env: 'MODE: other', more: 'health: {interval: 1s}' }),
    fact: (event) => told('Unhealthy', /refused/)(event) && event.count > 2,
    ends: false,
    says: /listens on port 3000, not on 8080/,
  },
  'no room on any node': {
    code: 'unschedulable',
    yaml: web({ resources: '{cpu: 200, memory: 32Mi}' }),
    fact: (pod) => /Insufficient cpu/.test(JSON.stringify(pod.status?.conditions ?? '')),
    ends: false,
    says: /too little cpu free for the 200 that it asks for/,
  },
  'a quota without room': {
    code: 'quota',
    yaml: web({}),
    prepare: async (app) => {
      await makeNamespace(app);
      await fillQuota(app);
    },
    fact: refusedInstances,
    ends: false,
    says: /quota few has no room: asked for pods=1/,
  },
  'an instance smaller than the namespace allows': {
    code: 'limit-range',
    yaml: web({}),
    prepare: async (app) => {
      await makeNamespace(app);
      const limits = [{ type: 'Container', min: { memory: '64Mi' } }];
      const metadata = { name: 'bounds', namespace: app.namespace };
      const range = { apiVersion: 'v1', kind: 'LimitRange', metadata, spec: { limits } };
      await kubectlInput(JSON.stringify(range), 'apply', '-f', '-');
    },
    fact: refusedInstances,
    ends: true,
    says: /minimum memory usage per Container is 64Mi/,
  },
  "a namespace's pod security": {
    code: 'admission-refused',
    yaml: web({ image: 'faulty:rooted', more: 'security: {run_as_root: true}' }),
    prepare: async (app) => {
      await makeNamespace(app);
      const label = 'pod-security.kubernetes.io/enforce=restricted';
      await kubectl('label', 'namespace', app.namespace, label);
    },
    fact: refusedInstances,
    ends: true,
    says: /pod security \(restricted:latest\)/,
    line: 'security: {run_as_root: true}',
  },
  'a volume of a class that is not there': {
    code: 'volume-not-bound',
    yaml: web({ more: 'volumes: {data: {path: /data, size: 1Gi, storage_class: nope}}' }),
    fact: told('ProvisioningFailed', /nope/),
    ends: false,
    says: /storage class nope/,
  },
  'an init container that fails': {
    code: 'init-failed',
    yaml: web({}),
    prepare: async (app) => {
      const init = `{name: prepare, image: "${image('faulty:1.0')}", args: [crash], resources: {limits: {cpu: 10m, memory: 32Mi}}}`;
      patch(
        app,
        `kind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {initContainers: [${init}]}}}\n`,
      );
    },
    fact: ended(3),
    ends: true,
    says: /prepare, which runs before the program,/,
    last: 'fatal: cannot reach database db:5432',
  },
  'a job that fails': {
    code: 'crash',
    yaml: `${web({})}  migrate: {image: "${image('faulty:1.0')}", run: before_deploy, env: {MODE: crash}, resources: ${small}}\n`,
    fact: ended(3),
    ends: true,
    last: 'fatal: cannot reach database db:5432',
  },
  'a sandbox that can not be made': {
    code: 'node-trouble',
    yaml: web({}),
    prepare: async (app) => {
      await makeNamespace(app);
      const { metadata } = await kubectlJson<KubeObject>('get', 'namespace', app.namespace);
      // Gone with the namespace.
      const owner = { apiVersion: 'v1', kind: 'Namespace', name: app.namespace, uid: metadata.uid };
      const runtime = {
        apiVersion: 'node.k8s.io/v1',
        kind: 'RuntimeClass',
        metadata: { name: app.name, ownerReferences: [owner] },
        handler: 'nope',
      };
      await kubectlInput(JSON.stringify(runtime), 'apply', '-f', '-');
      patch(
        app,
        `kind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {runtimeClassName: ${app.name}}}}\n`,
      );
    },
    fact: told('FailedCreatePodSandBox', /./),
    ends: false,
    says: /nope/,
  },
  'an instance that writes more than it may': {
    code: 'evicted',
    yaml: web({ env: 'MODE: fill', resources: '{cpu: 10m, memory: 128Mi, disk: 16Mi}' }),
    fact: told('Evicted', /./),
    ends: false,
    says: /put it out/,
    line: 'disk: 16Mi',
  },
};
