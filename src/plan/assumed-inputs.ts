import type { App } from '../model/app.ts';
import type { ClusterInputs } from './component-context.ts';
import { builtImageName } from './names.ts';

/** What is taken for granted where no cluster is asked, and the same in words, where it shows in the manifests. */
export function assumedInputs(app: App): { inputs: ClusterInputs; lines: readonly string[] } {
  const secrets = [...storedSecrets(app)].sort();
  const jobs = app.components.filter(({ run }) => run.type === 'before_deploy').map(({ name }) => name);
  const built = app.components.filter(({ image }) => image === '').map(({ name }) => name);
  const images = Object.fromEntries(
    built.map((name) => [
      name,
      `${builtImageName(app.registry ?? 'registry.invalid', app.name, name)}:built`,
    ]),
  );
  return {
    inputs: { release: 1, secrets: Object.fromEntries(secrets.map((name) => [name, 1])), images },
    lines: [
      ...(built.length > 0
        ? [`Assumed, nothing was built: the tag of the image of ${built.join(', ')}.`]
        : []),
      ...(secrets.length > 0 ? [`Assumed, no cluster was asked: version 1 of ${secrets.join(', ')}.`] : []),
      ...(jobs.length > 0
        ? [`Assumed, no cluster was asked: release 1, in the name of ${jobs.join(', ')}.`]
        : []),
    ],
  };
}

/** The stored secrets that an app refers to, by their names. */
export function storedSecrets(app: App): Set<string> {
  return new Set(
    app.components.flatMap(({ secretEnv, files }) => [
      ...secretEnv.flatMap(({ secret, key }) => (key === undefined ? [secret] : [])),
      ...files.flatMap(({ from }) => (from.type === 'secret' ? [from.secret] : [])),
    ]),
  );
}
