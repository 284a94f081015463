import { translate } from './glob.ts';

/** A line of a .gitignore, and the folder that it stands in ('' is the top). */
export interface IgnoreRule {
  readonly pattern: Pick<RegExp, 'test'>;
  readonly folder: string;
  readonly foldersOnly: boolean;
  readonly back: boolean;
}

/** The rules of a .gitignore. Source: gitignore(5). Character classes are taken as they are written. */
export function readIgnoreRules(text: string, folder: string): IgnoreRule[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const said = line.replace(/(?<!\\)\s+$/, '');
    if (said === '' || said.startsWith('#')) return [];
    const back = said.startsWith('!');
    const foldersOnly = said.endsWith('/');
    const glob = said
      .slice(back ? 1 : 0)
      .replace(/\/$/, '')
      .replace(/^\\(?=[#!])/, '');
    // A slash before the end ties it to its folder; without one it is meant at any depth.
    const tied = glob.includes('/');
    const inner = translate(glob.replace(/^\//, ''));
    return [{ pattern: new RegExp(`^${tied ? '' : '(?:.*/)?'}${inner}$`), folder, foldersOnly, back }];
  });
}

/** Whether a path is ignored: the last rule that fits it decides. */
export function isIgnored(path: string, isFolder: boolean, rules: readonly IgnoreRule[]): boolean {
  const rule = rules.findLast(({ pattern, folder, foldersOnly }) => {
    if (foldersOnly && !isFolder) return false;
    if (folder === '') return pattern.test(path);
    return path.startsWith(`${folder}/`) && pattern.test(path.slice(folder.length + 1));
  });
  return rule !== undefined && !rule.back;
}
