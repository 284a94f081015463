import { expect, test } from 'vitest';
import { kubectl, kubectlInput } from '../../support/cluster.ts';
import { withExtras } from '../../support/extras.ts';

withExtras('crds');

test('objects of every family of kinds are checked by their schema', async () => {
  const kinds = await kubectl('get', 'crds', '--output=name');
  for (const kind of [
    'virtualservices.networking.istio.io',
    'authorizationpolicies.security.istio.io',
    'httproutes.gateway.networking.k8s.io',
    'scaledobjects.keda.sh',
    'prometheusrules.monitoring.coreos.com',
  ])
    expect(kinds).toContain(kind);
  const bad = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'bad' },
    spec: { hosts: 'not-a-list' },
  };
  await expect(
    kubectlInput(JSON.stringify(bad), 'apply', '--dry-run=server', '--filename=-'),
  ).rejects.toThrow(/spec.hosts/);
});
