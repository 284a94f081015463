import type { App, Component } from '../model/app.ts';
import { isShared } from './labels.ts';
import { configName, secretName } from './names.ts';

/** Where a file stands in a ConfigMap or Secret, and where the program finds it. */
export interface MountedFile {
  readonly key: string;
  readonly path: string;
  readonly mode: number;
}

/** A ConfigMap, and where what is in it is found. */
interface ConfigFiles {
  readonly name: string;
  readonly data: Readonly<Record<string, string>>;
  /** In base64. */
  readonly binary_data: Readonly<Record<string, string>>;
  readonly mounts: readonly MountedFile[];
}

/** The files of a component whose contents are known, as a ConfigMap; null where it has none. */
export function writeFiles(
  name: string,
  component: Component,
  contents: Readonly<Record<string, Uint8Array>>,
): ConfigFiles | null {
  const data: Record<string, string> = {};
  const binary: Record<string, string> = {};
  const mounts: MountedFile[] = [];
  for (const [index, { path, from, mode }] of component.files.entries()) {
    if (from.type === 'secret') continue;
    const bytes = from.type === 'content' ? new TextEncoder().encode(from.content) : contents[from.file];
    const key = keyOf(path, index);
    const text = asText(bytes ?? new Uint8Array());
    if (text === undefined) binary[key] = Buffer.from(bytes!).toString('base64');
    else data[key] = text;
    mounts.push({ key, path, mode });
  }
  if (mounts.length === 0) return null;
  const content = JSON.stringify([data, binary]);
  return { name: configName(name, 'files', content), data, binary_data: binary, mounts };
}

/** The files of a component that are stored secrets. */
export function secretFiles(
  app: App,
  component: Component,
  versions: Readonly<Record<string, number>>,
): (MountedFile & { readonly secret: string })[] {
  return component.files.flatMap(({ path, from, mode }, index) =>
    from.type === 'secret'
      ? [
          {
            secret: secretName(app.name, from.secret, versions[from.secret] ?? 1, isShared(app)),
            key: keyOf(path, index),
            path,
            mode,
          },
        ]
      : [],
  );
}

/** Keys may have letters, digits, `-`, `_` and `.`; the number tells apart what is called the same in two folders. */
function keyOf(path: string, index: number): string {
  return `${index}-${path.split('/').at(-1)}`.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 200);
}

/** A ConfigMap holds texts and, apart from them, bytes that are none. */
function asText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
