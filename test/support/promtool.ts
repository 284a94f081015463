import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { toolPath } from '../cluster/tools.ts';
import { makeTemporaryFolder, removeFolder } from './folder.ts';

/** What Prometheus has measured, in promtool's notation, one value every 15 s. */
export type Series = Readonly<Record<string, string>>;

/** Building it on a machine that never did takes its time. */
export const PROMTOOL_MS = 15 * 60_000;

/** The answers of a query at some times: numbers, or undefined where there is none. A real Prometheus evaluates it. */
export async function askPrometheus(
  query: string,
  series: Series,
  times: readonly string[],
): Promise<(number | undefined)[]> {
  const promtool = await toolPath('promtool', (line) => process.stderr.write(`${line}\n`));
  const folder = makeTemporaryFolder();
  try {
    const file = join(folder, 'test.yaml');
    const input_series = Object.entries(series).map(([one, values]) => ({ series: one, values }));
    // What is expected can't be: each answer is then told.
    const never = { labels: '{never="true"}', value: 1 };
    const asked = times.map((time) => ({ expr: query, eval_time: time, exp_samples: [never] }));
    const tests = [{ interval: '15s', input_series, promql_expr_test: asked }];
    writeFileSync(file, stringify({ evaluation_interval: '15s', tests }, { lineWidth: 0 }));
    const { all } = await execa(promtool, ['test', 'rules', file], { all: true, reject: false });
    const answers = [...all.matchAll(/^ *got: ?(.*)$/gm)].map(([, answer = '']) => answer);
    if (answers.length !== times.length) throw new Error(`promtool said:\n${all}`);
    return answers.map((answer) => (answer === 'nil' ? undefined : Number(answer.split(' ').at(-1))));
  } finally {
    removeFolder(folder);
  }
}
