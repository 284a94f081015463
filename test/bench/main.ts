// `npm run bench -- NAME`: measures, side by side in one run, and prints ratios. Absolute times say little.
import { bundle } from '../../bin/build.ts';

const benches: Readonly<Record<string, () => Promise<{ run: () => Promise<void> }>>> = {
  causes: () => import('./causes.ts'),
  deploy: () => import('./deploy.ts'),
  'first-answer': () => import('./first-answer.ts'),
  render: () => import('./render.ts'),
  start: () => import('./start.ts'),
  validate: () => import('./validate.ts'),
};

const name = process.argv[2] ?? '';
const load = benches[name];
if (load) {
  await bundle();
  await (await load()).run();
} else {
  process.stderr.write(`npm run bench -- ${Object.keys(benches).join(' | ')}\n`);
  process.exitCode = 1;
}
