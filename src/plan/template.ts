import jsone from 'json-e';

/** What a template knows: plain values by name, and a few functions. */
export type Context = Readonly<Record<string, unknown>>;

/** The template engine, behind this one function: a template and its context give a plain value, or nothing. */
export function renderTemplate(template: unknown, context: Context): unknown {
  return jsone(template as Parameters<typeof jsone>[0], context as Parameters<typeof jsone>[1]);
}

/** The value of one expression. */
export function evaluate(expression: string, context: Context): unknown {
  return renderTemplate({ $eval: expression }, context);
}
