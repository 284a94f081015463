import jsone from 'json-e';

/** The template engine, behind this one function: a template and its context give a plain value, or nothing. */
export function renderTemplate(template: unknown, context: Readonly<Record<string, unknown>>): unknown {
  return jsone(template as Parameters<typeof jsone>[0], context as Parameters<typeof jsone>[1]);
}
