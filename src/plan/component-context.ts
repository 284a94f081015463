import type { Additions } from '../catalog/additions.ts';
import type { App, Component, Probe } from '../model/app.ts';
import { secretFiles, writeFiles } from './config-files.ts';
import { isShared, ownerLabels, ownerOfApp } from './labels.ts';
import { metricsContext, monitoringContext, seriesSelector } from './metrics-context.ts';
import {
  claimName,
  cronJobName,
  headlessName,
  jobName,
  labelKeys,
  objectName,
  secretName,
  selectorLabels,
  stableTrack,
  statefulSetName,
} from './names.ts';
import { routingContext } from './routing-context.ts';
import { scalingContext } from './scaling-context.ts';
import type { Context } from './template.ts';
import { trafficContext } from './traffic-context.ts';
import { usedAddresses } from './used-addresses.ts';

/** What only the cluster can tell of a plan. Offline it is assumed, and `paas render` says so. */
export interface ClusterInputs {
  /** The newest version of each stored secret, by its name. */
  readonly secrets: Readonly<Record<string, number>>;
  /** The number of the release that this is. */
  readonly release: number;
  /** What runs in place of the image that the file says, by component: what was built, and tags as their digests. */
  readonly images?: Readonly<Record<string, string>>;
}

/** What the plan of an app depends on beside its file. */
export interface RenderInputs extends ClusterInputs {
  /** The contents of the files beside paas.yaml, by their path as the file says it. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Objects and patches that people wrote by hand. */
  readonly additions?: Additions | undefined;
}

/** Longest time in which one instance may become ready before Kubernetes calls a rollout stuck. */
const leastProgressDeadline = 600;
/** Seconds in which traffic may still arrive at an instance that was told to stop. */
const drainTime = 5;

/** What every template knows. */
export function appContext(app: App, inputs: RenderInputs): Context {
  const owner = ownerOfApp(app);
  return {
    app: app.name,
    environment: app.environment.name,
    namespace: owner.namespace,
    owner_labels: ownerLabels(owner),
    release: inputs.release,
    routing: routingContext(app),
    monitoring: monitoringContext(app),
  };
}

/** What templates know of a component: its values as the file says them, and what follows from them. */
export function componentContext(app: App, component: Component, inputs: RenderInputs): Context {
  const name = objectName(app.name, component.name, isShared(app));
  const kind = workloadKind(component);
  const serves = component.run.type === 'always';
  const drains = serves && component.port !== undefined;
  const config = writeFiles(name, component, inputs.files);
  const secrets = secretFiles(app, component, inputs.secrets);
  return {
    ...component.extra,
    name: component.name,
    object_name: name,
    workload: { kind, name: workloadName(kind, name, component, inputs.release) },
    headless_name: headlessName(name),
    selector: selectorLabels(app.name, component.name, app.environment.name, stableTrack),
    all_tracks: componentLabels(app, component.name),
    image: inputs.images?.[component.name] ?? component.image,
    entrypoint: component.entrypoint?.map(literal) ?? null,
    command: component.command?.map(literal) ?? null,
    port: component.port ?? null,
    ports: component.ports.map(({ name: port, port: number, protocol }) => ({
      name: port,
      port: number,
      protocol: protocol === 'udp' ? 'UDP' : 'TCP',
      app_protocol:
        protocol === 'udp' || protocol === 'tcp'
          ? protocol
          : protocol === 'http2'
            ? 'kubernetes.io/h2c'
            : protocol,
    })),
    env: component.env.map(({ name: variable, value }) => ({ name: variable, value: literal(value) })),
    secret_env: component.secretEnv.map(({ name: variable, secret, key }) => ({
      name: variable,
      secret:
        key === undefined ? secretName(app.name, secret, inputs.secrets[secret] ?? 1, isShared(app)) : secret,
      key: key ?? 'value',
    })),
    uses: usedAddresses(app, component).map(({ name: variable, value }) => ({
      name: variable,
      value: literal(value),
    })),
    config,
    secret_files: secrets,
    file_mounts: [...(config?.mounts ?? []), ...secrets],
    instances: component.instances,
    scaling: scalingContext(component, {
      namespace: ownerOfApp(app).namespace,
      kind,
      workload: workloadName(kind, name, component, inputs.release),
      prometheus: app.environment.prometheus,
    }),
    serves,
    run: component.run.type,
    schedule:
      component.run.type === 'schedule'
        ? { ...component.run, overlap: overlaps[component.run.overlap] }
        : null,
    strategy: component.rollout?.strategy === 'recreate' ? 'recreate' : 'rolling',
    resources: {
      ...component.resources,
      disk: component.resources.disk ?? null,
      bandwidth: component.resources.bandwidth ?? null,
    },
    health: {
      startup: serves ? probe(component.health.startup) : null,
      readiness: serves ? probe(component.health.readiness) : null,
      liveness: serves ? probe(component.health.liveness) : null,
    },
    drain_time: drains ? drainTime : 0,
    stop: { timeout: component.stop.timeout },
    grace_period: component.stop.timeout + (drains ? drainTime : 0),
    security: {
      run_as_root: component.security.runAsRoot,
      user: component.security.user ?? null,
      writable_root: component.security.writableRoot,
      capabilities: component.security.capabilities,
    },
    volumes: component.volumes.map((volume) => ({
      name: volume.name,
      path: volume.path,
      size: volume.size,
      storage_class: volume.storageClass ?? null,
      shared: volume.shared,
      read_only: volume.readOnly,
      claim: claimName(name, volume.name),
    })),
    placement: {
      spread: component.placement.spread.map((over) => topologyKeys[over]),
      near: component.placement.near.map((other) => componentLabels(app, other)),
      apart: component.placement.apart.map((other) => componentLabels(app, other)),
      node_pools: component.placement.nodePools,
      tolerations: component.placement.tolerations.map(({ key, value, effect }) => ({
        key,
        value: value ?? null,
        effect: effect ?? null,
      })),
    },
    ...trafficContext(app, component),
    metrics: metricsContext(component),
    series: seriesSelector(app, component, ownerOfApp(app).namespace, name),
    progress_deadline: leastProgressDeadline + timeToReady(component),
  };
}

const overlaps = { allow: 'Allow', skip: 'Forbid', replace: 'Replace' } as const;
const topologyKeys = { nodes: 'kubernetes.io/hostname', zones: 'topology.kubernetes.io/zone' } as const;

/** The labels by which instances of another component of the app are found, on every track. */
function componentLabels(app: App, component: string): Record<string, string> {
  const { [labelKeys.track]: _, ...labels } = selectorLabels(
    app.name,
    component,
    app.environment.name,
    stableTrack,
  );
  return labels;
}

/** What runs a component. Volumes of its own for each instance need a StatefulSet; nothing else does. */
export function workloadKind({ run, volumes }: Component): 'Deployment' | 'StatefulSet' | 'Job' | 'CronJob' {
  if (run.type === 'schedule' || run.type === 'on_demand') return 'CronJob';
  if (run.type !== 'always') return 'Job';
  return volumes.some(({ shared }) => !shared) ? 'StatefulSet' : 'Deployment';
}

/** A job before a deploy is another one with each release; one that runs once keeps its name. */
export function workloadName(kind: string, name: string, { run }: Component, release: number): string {
  if (kind === 'CronJob') return cronJobName(name);
  if (kind === 'StatefulSet') return statefulSetName(name);
  return run.type === 'before_deploy' ? jobName(name, release) : name;
}

/**
 * Kubernetes replaces `$(NAME)` in variables and arguments, and `$$` by `$`; here both are taken as they are written.
 * Source: Kubernetes API, EnvVar.value and Container.args.
 */
function literal(value: string): string {
  return /\$[$(]/.test(value) ? value.replaceAll('$', '$$$$') : value;
}

/** The longest time in seconds that the probes allow an instance until it is ready. */
function timeToReady(component: Component): number {
  const { startup, readiness } = component.health;
  return [startup, readiness].reduce(
    (sum, asked) => sum + (asked ? asked.delay + asked.interval * asked.failures : 0),
    0,
  );
}

function probe(asked: Probe | undefined): Record<string, unknown> | null {
  if (!asked) return null;
  return {
    ...handler(asked.check),
    initialDelaySeconds: asked.delay,
    periodSeconds: asked.interval,
    timeoutSeconds: asked.timeout,
    failureThreshold: asked.failures,
  };
}

function handler(check: Probe['check']): Record<string, unknown> {
  switch (check.type) {
    case 'http':
      return { httpGet: { path: check.path, port: check.port, scheme: 'HTTP' } };
    case 'tcp':
      return { tcpSocket: { port: check.port } };
    case 'grpc':
      return { grpc: { port: check.port } };
    case 'command':
      return { exec: { command: check.command } };
  }
}
