import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { parseDocument } from '../../src/document/parse.ts';
import { type PlatformFile, readPlatform } from '../../src/model/platform.ts';
import { checkSource } from '../../src/pipeline/check-file.ts';

/** The apps of a folder's file, one for each environment, as a text that a person can read; and what is wrong. */
export function describeApps(folder: string, file = 'paas.yaml', platform?: string) {
  const text = readFileSync(join(folder, file), 'utf8');
  const { apps, problems, notYet } = checkSource(
    { path: file, text },
    undefined,
    platform === undefined ? undefined : platformOf(join(folder, platform)),
  );
  return {
    text: apps.map(({ app }) => `---\n${stringify(brief(app), { lineWidth: 0 })}`).join(''),
    problems,
    notYet,
  };
}

/** A platform file, where there is one. */
function platformOf(path: string): PlatformFile | undefined {
  if (!existsSync(path)) return undefined;
  const source = { path: 'platform.yaml', text: readFileSync(path, 'utf8') };
  return readPlatform(parseDocument(source).root, source).file;
}

/** Without what is empty or not said. */
function brief(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(brief);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined && !(Array.isArray(one) && one.length === 0))
      .map(([key, one]) => [key, brief(one)]),
  );
}
