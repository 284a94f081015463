import jsone from 'json-e';
import { usedNames, valuesOf } from './used-names.ts';

/** What a template knows: plain values by name, and a few functions. */
export type Context = Readonly<Record<string, unknown>>;

/** The template engine, behind this one function: a template and its context give a plain value, or nothing. */
export function renderTemplate(template: unknown, context: Context): unknown {
  if (isCondition(template)) {
    const branch = isTruthy(evaluate(template.$if, context)) ? template.then : template.else;
    return branch === undefined ? null : renderTemplate(branch, context);
  }
  const seen = isObject(template) && (rendered.get(template) ?? begin(template));
  return seen ? once(seen, context, () => run(template, context)) : run(template, context);
}

/**
 * A template that is there or not: most components have few of the objects that they could have. Decided here, since its
 * condition looks at less than what hangs on it, and so is mostly known already.
 */
function isCondition(template: unknown): template is Condition {
  if (!isObject(template) || typeof (template as Partial<Condition>).$if !== 'string') return false;
  return Object.keys(template).every((key) => key === '$if' || key === 'then' || key === 'else');
}

interface Condition {
  readonly $if: string;
  readonly then?: unknown;
  readonly else?: unknown;
}

/** Source: the documentation of json-e, "Truthiness". */
export function isTruthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return isObject(value) ? Object.keys(value).length > 0 : Boolean(value);
}

/** The value of one expression. */
export function evaluate(expression: string, context: Context): unknown {
  const template = expressions.get(expression) ?? { $eval: expression };
  expressions.set(expression, template);
  return renderTemplate(template, context);
}

function run(template: unknown, context: Context): unknown {
  return jsone(template as Parameters<typeof jsone>[0], context as Parameters<typeof jsone>[1]);
}

// Components of an app are much alike, and most templates look at a part of them only: of the same values a template
// gives the same, and is not run again. What it gives is shared, and never changed.

interface Seen {
  readonly names: ReturnType<typeof usedNames>;
  /** What it gave, by the values of what it uses. */
  readonly results: Map<string, unknown>;
}

const rendered = new WeakMap<object, Seen>();
const expressions = new Map<string, { readonly $eval: string }>();
/** A template that gives something else each time is not kept in mind any longer. */
const most = 50;
/** Characters of the values that are compared: larger ones cost more than they spare. */
const mostCharacters = 2000;

function begin(template: object): Seen {
  const seen = { names: usedNames(template), results: new Map<string, unknown>() };
  rendered.set(template, seen);
  return seen;
}

function once({ names, results }: Seen, context: Context, act: () => unknown): unknown {
  if (results.size >= most) return act();
  const values = valuesOf(names, context);
  if (values === undefined || values.length > mostCharacters) return act();
  if (results.has(values)) return results.get(values);
  const result = act();
  results.set(values, result);
  return result;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
