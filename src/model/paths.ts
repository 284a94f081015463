import type { Path } from '../document/value.ts';

/** `components.web.routes[0].host`, as people say it. */
export function describePath(path: Path): string {
  if (path.length === 0) return 'The file';
  return path
    .map((step) => (/^\d+$/.test(String(step)) ? `[${step}]` : String(step)))
    .join('.')
    .replaceAll('.[', '[');
}

/** A path without the environment that it stands in: an overlay has the places of the file. */
export function withoutEnvironment(path: Path): Path {
  return path[0] === 'environments' && path.length > 2 ? path.slice(2) : path;
}

/** Whether a path has a form such as `components.*.env`, in which `*` is any one step. */
export function matches(path: Path, form: string): boolean {
  const steps = form === '' ? [] : form.split('.');
  return (
    steps.length === path.length && steps.every((step, index) => step === '*' || step === String(path[index]))
  );
}
