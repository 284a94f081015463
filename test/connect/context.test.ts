import { writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
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

describe('KUBECONFIG of several files, as kubectl takes them', () => {
  /** A file of one cluster and its context. */
  const one = (name: string, server: string, current?: string): string =>
    stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name, cluster: { server } }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      users: [{ name, user: { token: server } }],
      ...(current !== undefined && { 'current-context': current }),
    });

  test.for<[string, readonly string[], string, string]>([
    [
      'a name twice: the first',
      [one('default', 'https://a', 'default'), one('default', 'https://b')],
      'default',
      'https://a',
    ],
    [
      'a current context in the second alone',
      [one('a', 'https://a'), one('b', 'https://b', 'b')],
      'b',
      'https://b',
    ],
    [
      'an empty one counts as none',
      [one('a', 'https://a', ''), one('b', 'https://b', 'a')],
      'a',
      'https://a',
    ],
    [
      'two current contexts: the first',
      [one('a', 'https://a', 'a'), one('b', 'https://b', 'b')],
      'a',
      'https://a',
    ],
  ])('%s', async ([_, texts, context, server], { makeFolder }) => {
    const folder = makeFolder();
    const files = texts.map((text, index) => {
      const file = join(folder, `${index}`);
      writeFileSync(file, text);
      return file;
    });
    const kubeconfig = files.join(delimiter);
    const found = connect({ context: undefined, cluster: undefined, inPod: false, kubeconfig });
    expect([found.context, found.server]).toEqual([context, server]);
    const { headers } = await found.credentials(false);
    expect(headers).toEqual({ Authorization: `Bearer ${server}` });
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
