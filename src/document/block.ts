import { stringify } from 'yaml';

/** A plain value in several lines, as a person would write a longer one in YAML. */
export function block(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd();
}
