import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { stringify } from 'yaml';
import { type ClusterChoice, connect } from '../../src/cluster/connect.ts';
import { PaasError } from '../../src/problems/problem.ts';
import { test } from '../support/app.ts';

// Which context of a kubeconfig is taken. Nothing is sent.

const north = 'https://north.example.com:6443';
const contexts: Readonly<Record<string, string>> = { ann: 'n1', bob: 'n1', lab: 'lab', west: 'w' };
const servers: Readonly<Record<string, string>> = {
  n1: `${north}/`,
  lab: 'https://LAB.example.com:443',
  w: 'https://west.example.com',
};

function kubeconfig(current: string): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: Object.entries(servers).map(([name, server]) => ({ name, cluster: { server } })),
    contexts: Object.entries(contexts).map(([name, cluster]) => ({ name, context: { cluster, user: name } })),
    users: Object.keys(contexts).map((name) => ({ name, user: { token: 'x' } })),
    'current-context': current,
  });
}

describe('by the address that the platform has', () => {
  test.for<[string, string, Partial<ClusterChoice>, string]>([
    ['the only one', 'ann', { address: { server: 'https://west.example.com' } }, 'west'],
    ['however the address is written', 'ann', { address: { server: 'https://lab.example.com/' } }, 'lab'],
    ['the current one of several', 'bob', { address: { server: north } }, 'bob'],
    ['several', 'lab', { address: { server: north } }, 'several-contexts'],
    ['none', 'lab', { address: { server: 'https://south.example.com' } }, 'unknown-cluster'],
    ['another port', 'lab', { address: { server: 'https://north.example.com:443' } }, 'unknown-cluster'],
    ['--context wins', 'lab', { address: { server: north }, context: 'west' }, 'west'],
    ['a name that the platform does not know', 'lab', { cluster: 'w' }, 'west'],
  ])('%s', ([_, current, choice, expected], { makeFolder }) => {
    const file = join(makeFolder(), 'config');
    writeFileSync(file, kubeconfig(current));
    const whole = { context: undefined, cluster: 'north', inPod: false, kubeconfig: file, ...choice };
    expect(contextOf(whole)).toBe(expected);
  });

  test('the way to credentials is told', ({ makeFolder }) => {
    const file = join(makeFolder(), 'config');
    writeFileSync(file, kubeconfig('lab'));
    const address = { server: 'https://south.example.com', login: 'corp-login --cluster south' };
    try {
      connect({ context: undefined, cluster: 'south', inPod: false, kubeconfig: file, address });
      expect.unreachable();
    } catch (error) {
      const [problem] = (error as PaasError).problems;
      expect(problem?.message).toContain('no cluster at https://south.example.com, which is where');
      expect(problem?.hint).toBe('Get credentials for it: corp-login --cluster south');
    }
  });
});

/** The context that is taken, or the code of the problem. */
function contextOf(choice: ClusterChoice): string {
  try {
    return connect(choice).context;
  } catch (error) {
    if (error instanceof PaasError) return error.problems[0]!.code;
    throw error;
  }
}
