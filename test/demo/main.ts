// `npm run demo`: from a fresh clone to an app that answers, on a real cluster.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { bundle } from '../../bin/build.ts';
import { makeTemporaryFolder, removeFolder } from '../support/folder.ts';
import { program, root } from '../support/paas.ts';
import { bringCluster } from '../support/test-cluster.ts';

const { values } = parseArgs({ options: { context: { type: 'string' } } });

async function demo(): Promise<void> {
  step('Building the program');
  await bundle();
  const cluster = await bringCluster(values.context, (line) => process.stderr.write(`${line}\n`));
  // A copy, since the image's address depends on the cluster, and so that the checkout stays as it is.
  const folder = makeTemporaryFolder();
  try {
    const text = readFileSync(join(root, 'examples', 'hello', 'paas.yaml'), 'utf8');
    const images = cluster.env.PAAS_TEST_IMAGES ?? 'localhost:5000';
    writeFileSync(join(folder, 'paas.yaml'), text.replace('localhost:5000', images));
    const env = { ...cluster.env, PAAS_CONTEXT: cluster.context };
    const paas = (...args: string[]) =>
      execa(process.execPath, [program, ...args], { cwd: folder, env, stdio: 'inherit' });

    step('The app: examples/hello/paas.yaml');
    process.stdout.write(text);
    step('$ paas deploy');
    await paas('deploy', '--yes');
    step('Its answer, through its Service');
    process.stdout.write(await ask(cluster.env.PAAS_TEST_KUBECTL ?? 'kubectl', cluster.context, env));
    step('$ paas status');
    await paas('status');
    step('How to go on');
    process.stdout.write(goOn(cluster.env, values.context));
  } finally {
    removeFolder(folder);
  }
}

/** The app's own words: the API server passes the request on to the Service, so this works with any cluster. */
async function ask(kubectl: string, context: string, env: Record<string, string>): Promise<string> {
  const path = '/api/v1/namespaces/hello-default/services/web:8080/proxy/';
  return `${(await execa(kubectl, ['--context', context, 'get', '--raw', path], { env })).stdout}\n`;
}

function goOn(env: Readonly<Record<string, string>>, context: string | undefined): string {
  const lines = [
    ...(env.KUBECONFIG && context === undefined ? [`  export KUBECONFIG=${env.KUBECONFIG}`] : []),
    '  cd examples/hello            # change something in paas.yaml, then:',
    '  ../../bin/paas.js deploy     # what changes, a question, and the next release',
    '  ../../bin/paas.js logs --follow',
    '  ../../bin/paas.js delete',
    ...(context === undefined ? ['  npm run cluster -- down      # takes the test cluster away again'] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function step(title: string): void {
  process.stderr.write(`\n== ${title}\n`);
}

await demo().catch((error: Error & { exitCode?: number; stderr?: string }) => {
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = error.exitCode ?? 1;
});
