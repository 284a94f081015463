import { readFile } from 'node:fs/promises';
import { planFileBroken } from '../problems/deploy.ts';
import { cannotWrite } from '../problems/detect.ts';
import { fail, PaasError } from '../problems/problem.ts';
import { whyUnwritable } from './why-unwritable.ts';
import { writeSource } from './write-source.ts';

/** Writes a plan that is to be done later. It may hold contents of config files: only its owner reads it. */
export async function writePlanFile(path: string, plan: { readonly version: 1 }): Promise<void> {
  try {
    await writeSource(path, `${JSON.stringify(plan, null, 1)}\n`, 0o600);
  } catch (error) {
    fail(cannotWrite(path, whyUnwritable(error)));
  }
}

/** Reads what `writePlanFile` wrote. Throws a PaasError where it is something else. */
export async function readPlanFile<T extends { readonly version: 1 }>(path: string): Promise<T> {
  try {
    const plan = JSON.parse(await readFile(path, 'utf8')) as T;
    if (typeof plan === 'object' && plan !== null && typeof plan.version === 'number') {
      if (plan.version !== 1)
        fail(planFileBroken(path, `it is of version ${plan.version}, and this paas reads version 1`));
      const {
        cluster,
        seen,
        plan: own,
      } = plan as unknown as Record<string, Record<string, unknown> | undefined>;
      if (cluster?.server && seen?.objects && Array.isArray(own?.phases)) return plan;
    }
  } catch (error) {
    if (error instanceof PaasError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code) fail(planFileBroken(path, code === 'ENOENT' ? 'there is no such file' : code));
  }
  return fail(planFileBroken(path, 'it is not what paas diff --out writes'));
}
