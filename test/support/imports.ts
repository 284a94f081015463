import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** An import of a source file: of another file of the sources, or of a package. */
export interface Import {
  /** Path under the sources, such as `deploy/apply.ts`. */
  readonly from: string;
  /** Path under the sources; outside them it begins with `../`. */
  readonly file?: string;
  /** `yaml`, `@oclif/core`, or `node:fs`. */
  readonly package?: string;
  /** Types are gone at run time. */
  readonly typeOnly: boolean;
}

const statement =
  /(?:^|\n)\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Every import of the TypeScript files under a folder. */
export function readImports(folder: string): Import[] {
  return globSync('**/*.ts', { cwd: folder }).flatMap((from) => {
    const text = readFileSync(join(folder, from), 'utf8');
    return [...text.matchAll(statement)].map(([, type, of, dynamic]) => {
      const specifier = of ?? dynamic ?? '';
      const typeOnly = type !== undefined;
      if (specifier.startsWith('.')) {
        return { from, file: relative(folder, resolve(folder, dirname(from), specifier)), typeOnly };
      }
      return { from, package: packageName(specifier), typeOnly };
    });
  });
}

/** The room of a file under the sources: its folder, or the file itself where it stands at the top. */
export function roomOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : path;
}

function packageName(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? `${parts[0]}/${parts[1]}` : parts[0]!;
}
