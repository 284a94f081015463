import { defaultUnit } from '../model/units.ts';
import type { LoadedApp } from '../pipeline/load-app.ts';
import { placeIfSaid, placeOfKeys } from '../pipeline/places.ts';
import type { Unit } from '../plan/manual-size.ts';
import type { Plan } from '../plan/plan.ts';
import { fail } from '../problems/problem.ts';

/** How large a unit is, as the platform says, or by default. */
export function unitOf({ platform }: Pick<LoadedApp, 'platform'>): Unit {
  const { cpu, memory } = platform?.platform.unit ?? defaultUnit;
  return { cpu, memory };
}

/** Refuses a plan that the platform doesn't allow. Undefined where no platform file is known. */
export async function railsOf(loaded: LoadedApp | undefined): Promise<((plan: Plan) => void) | undefined> {
  const file = loaded?.platform;
  if (!file) return undefined;
  const { checkGuardRails } = await import('../plan/guard-rails.ts');
  return (plan) => {
    const problems = checkGuardRails(plan, file.platform.guard_rails, {
      ofComponent: (component, keys) => placeOfKeys(loaded, component, keys),
      ofRule: (rule) => placeIfSaid(file.document, ['guard_rails', rule]),
    });
    if (problems.length > 0) fail(...problems);
  };
}
