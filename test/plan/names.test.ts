import { expect, test } from 'vitest';
import {
  applySetId,
  builtImageName,
  claimName,
  configName,
  cronJobName,
  freezeName,
  gatewayName,
  headlessName,
  hostRouteName,
  inventoryName,
  jobName,
  labelKeys,
  lockName,
  managerName,
  namespaceName,
  nodePortName,
  objectName,
  ownerName,
  partName,
  pullSecretName,
  pullSecretSource,
  redirectName,
  releaseName,
  routePartName,
  runName,
  scaleManagerName,
  scalingName,
  secretName,
  selectorLabels,
  shortHash,
  stableTrack,
  statefulSetName,
  tcpRouteName,
  truncate,
} from '../../src/plan/names.ts';

// Names for ever: what stands here is in clusters. A change of an expected value loses the objects of every app that
// is deployed, so it is never the mending of this test.

const long = 'a-name-of-exactly-sixty-three-characters-as-long-as-labels-can-be';
const longest = long.slice(0, 63);

test('every form of a name', () => {
  expect({
    namespace: namespaceName('shop', 'production'),
    'namespace by a pattern': namespaceName('shop', 'production', 'team-{app}-{environment}'),
    object: objectName('shop', 'web', false),
    'object in a shared namespace': objectName('shop', 'web', true),
    'stateful set': statefulSetName('db'),
    'cron job': cronJobName('report'),
    job: jobName('migrate', 12),
    'job by hand': runName('web', 'ab12cd34'),
    headless: headlessName('db'),
    claim: claimName('store', 'media'),
    config: configName('web', 'files', 'content'),
    secret: secretName('shop', 'stripe_key', 3, false),
    'secret in a shared namespace': secretName('shop', 'stripe_key', 3, true),
    'node port': nodePortName('web'),
    gateway: gatewayName('shop'),
    'image that is built': builtImageName('registry.example.com/team', 'shop', 'web'),
    'route of a host': hostRouteName('shop.example.com'),
    'route of all hosts below one': hostRouteName('*.example.com'),
    'route of a host without a dot': hostRouteName('localhost'),
    redirect: redirectName('shop.example.com'),
    'part of a route': routePartName(hostRouteName('shop.example.com'), 1),
    'route of a TCP port': tcpRouteName(5432),
    owner: ownerName('shop', 'production'),
    manager: managerName('shop', 'production'),
    'scale manager': scaleManagerName('shop', 'production'),
    inventory: inventoryName('shop', 'production'),
    lock: lockName('shop', 'production'),
    scaling: scalingName('shop', 'production'),
    freeze: freezeName('shop', 'production'),
    release: releaseName('shop', 'production', 12),
    'copy of a pull secret': pullSecretName('shop', 'production', 'platform/registry.pull'),
    'what it is a copy of': pullSecretSource(
      'shop',
      'production',
      'paas.shop.production.pull.platform.registry.pull',
    ),
    'part of a release': partName(releaseName('shop', 'production', 12), 1),
    'apply set': applySetId(inventoryName('shop', 'production'), 'shop-production'),
    selector: selectorLabels('shop', 'web', 'production', stableTrack),
    labels: labelKeys,
  }).toMatchInlineSnapshot(`
    {
      "apply set": "applyset-KbxZQZSHRY4cs_9fmulG8kY5qGyGQl5fFfBIkY5DdTs-v1",
      "claim": "store-media",
      "config": "web-files-b4xwn274",
      "copy of a pull secret": "paas.shop.production.pull.platform.registry.pull",
      "cron job": "report",
      "freeze": "paas.shop.production.freeze",
      "gateway": "shop",
      "headless": "db-headless",
      "image that is built": "registry.example.com/team/shop-web",
      "inventory": "paas.shop.production.inventory",
      "job": "migrate-r12",
      "job by hand": "web-run-ab12cd34",
      "labels": {
        "app": "paas.internal/app",
        "component": "paas.internal/component",
        "environment": "paas.internal/environment",
        "owner": "paas.internal/owner",
        "pullSecret": "paas.internal/pull-secret",
        "record": "paas.internal/record",
        "run": "paas.internal/run",
        "secret": "paas.internal/secret",
        "track": "paas.internal/track",
      },
      "lock": "paas.shop.production.lock",
      "manager": "paas:shop:production",
      "namespace": "shop-production",
      "namespace by a pattern": "team-shop-production",
      "node port": "web-node-port",
      "object": "web",
      "object in a shared namespace": "shop-web",
      "owner": "shop.production",
      "part of a release": "paas.shop.production.r12.1",
      "part of a route": "shop.example.com.part-1",
      "redirect": "shop.example.com.redirect",
      "release": "paas.shop.production.r12",
      "route of a TCP port": "tcp.5432",
      "route of a host": "shop.example.com",
      "route of a host without a dot": "localhost.host",
      "route of all hosts below one": "any-name-below.example.com",
      "scale manager": "paas:shop:production:scale",
      "scaling": "paas.shop.production.scaling",
      "secret": "secret-stripe-key-v3",
      "secret in a shared namespace": "shop-secret-stripe-key-v3",
      "selector": {
        "paas.internal/app": "shop",
        "paas.internal/component": "web",
        "paas.internal/environment": "production",
        "paas.internal/track": "stable",
      },
      "stateful set": "db",
      "what it is a copy of": {
        "name": "registry.pull",
        "namespace": "platform",
      },
    }
  `);
});

test('every form at its limit', () => {
  expect({
    namespace: namespaceName(longest, longest),
    'object in a shared namespace': objectName(longest, longest, true),
    'stateful set': statefulSetName(longest),
    'cron job': cronJobName(longest),
    job: jobName(longest, 12345),
    owner: ownerName(longest, longest),
    manager: managerName(longest, longest),
    'scale manager': scaleManagerName(longest, longest),
    release: releaseName(longest, longest, 12345),
  }).toMatchInlineSnapshot(`
    {
      "cron job": "a-name-of-exactly-sixty-three-characters-as-kvrscl7b",
      "job": "a-name-of-exactly-sixty-three-characters-as-lon-kvrscl7b-r12345",
      "manager": "paas:a-name-of-exactly-sixty-three-characters-as-long-as-labels-can-:a-name-of-exactly-sixty-three-characters-as-qrh8ttd5",
      "namespace": "a-name-of-exactly-sixty-three-characters-as-long-as-la-lcztc92z",
      "object in a shared namespace": "a-name-of-exactly-sixty-three-characters-as-long-as-la-lcztc92z",
      "owner": "a-name-of-exactly-sixty-three-characters-as-long-as-la-l5bpf7bh",
      "release": "paas.a-name-of-exactly-sixty-three-characters-as-long-as-labels-can-.a-name-of-exactly-sixty-three-characters-as-long-as-labels-can-.r12345",
      "scale manager": "paas:a-name-of-exactly-sixty-three-characters-as-long-as-labels-can-:a-name-of-exactly-sixty-three-characters-as-qrh8ttd5:scale",
      "stateful set": "a-name-of-exactly-sixty-three-characters-as-kvrscl7b",
    }
  `);
});

test.each([
  ['namespace', namespaceName(longest, longest), 63],
  ['stateful set', statefulSetName(longest), 52],
  ['cron job', cronJobName(longest), 52],
  ['job', jobName(longest, 123456), 63],
  ['job by hand', runName(longest, 'ab12cd34'), 63],
  ['headless', headlessName(longest), 63],
  ['config', configName('c'.repeat(300), 'files', 'x'), 253],
  ['secret', secretName('a', 's'.repeat(300), 12345, true), 253],
  ['owner', ownerName(longest, longest), 63],
  ['scale manager', scaleManagerName(longest, longest), 128],
  ['release part', partName(releaseName(longest, longest, 123456), 99), 253],
])('a %s is never longer than Kubernetes takes', (_, name, limit) => {
  expect(name.length).toBeLessThanOrEqual(limit);
  expect(name).toMatch(/^[a-z].*[a-z0-9]$/);
});

test('names that are the same up to the cut stay apart', () => {
  expect(truncate(`${longest}-one`, 63)).not.toBe(truncate(`${longest}-two`, 63));
});

test('a cut never ends in a hyphen before its hash', () => {
  expect(truncate(`${'a'.repeat(53)}-bcdefghijklmnop`, 63)).toBe(
    `${'a'.repeat(53)}-${shortHash(`${'a'.repeat(53)}-bcdefghijklmnop`)}`,
  );
});

test('two apps never have the same owner or manager, whatever their names are', () => {
  expect(ownerName('a-b', 'c')).not.toBe(ownerName('a', 'b-c'));
  expect(managerName('a-b', 'c')).not.toBe(managerName('a', 'b-c'));
});
