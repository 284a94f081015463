import { ask } from './answer.ts';

/** What the test image `faulty` says that it was given. */
export interface Shown {
  readonly version: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}

/** The answer of a component that runs `faulty`: its version, variables and the files that FILES names. */
export async function askShown(namespace: string, component: string): Promise<Shown> {
  const { version, variables, files } = JSON.parse(await ask(namespace, component, '/show')) as Shown;
  return { version, variables: decoded(variables), files: decoded(files) };
}

/** It gives bytes as base64. */
function decoded(bytes: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(bytes);
  return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}
