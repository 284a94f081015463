import type { Consent } from '../changes/consent.ts';
import { fail } from '../problems/problem.ts';
import { badUsage } from '../problems/usage.ts';

export interface ConsentFlags {
  readonly recreate: readonly string[] | undefined;
  readonly 'take-over': boolean;
}

/** What --recreate and --take-over agree to. Throws a PaasError where an object is said in another way. */
export function consentOf({ recreate = [], 'take-over': takeOver }: ConsentFlags): Consent {
  const wrong = recreate.filter((name) => !/^[A-Za-z]+\/[^/]+$/.test(name));
  if (wrong.length > 0) {
    fail(
      ...wrong.map((name) =>
        badUsage(`--recreate ${name} is not KIND/NAME.`, 'As paas diff names objects: deployment/web.'),
      ),
    );
  }
  return { recreate: recreate.map(lowerKind), takeOver };
}

function lowerKind(name: string): string {
  const slash = name.indexOf('/');
  return name.slice(0, slash).toLowerCase() + name.slice(slash);
}
