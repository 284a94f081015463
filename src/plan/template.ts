import jsone from 'json-e';
import { isCondition, mappingOf, pathOf, valueAt } from './template-shapes.ts';
import { usedNames, valuesOf } from './used-names.ts';

/** What a template knows: plain values by name, and a few functions. */
export type Context = Readonly<Record<string, unknown>>;

/**
 * The template engine, behind this one function: a template and its context give a plain value, or null where it says
 * that nothing is to be there. Throws as json-e does, with the place in the template.
 *
 * Components of an app are much alike, and each part of a template looks at a part of them only: of the same values it
 * gives the same, and is not rendered again. So what is plain in a template is walked through here, part by part, and
 * only its operators and expressions are json-e's. What is given is shared, and never changed.
 */
export function renderTemplate(template: unknown, context: Context): unknown {
  try {
    const value = renderNode(template, context);
    return value === absent ? null : value;
  } catch {
    // Only of the whole it can say where in it something is wrong.
    return run(template, context);
  }
}

/** The value of one expression. */
export function evaluate(expression: string, context: Context): unknown {
  const template = expressions.get(expression) ?? { $eval: expression };
  expressions.set(expression, template);
  return renderTemplate(template, context);
}

/** Source: the documentation of json-e, "Truthiness". */
export function isTruthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return isObject(value) ? Object.keys(value).length > 0 : Boolean(value);
}

const expressions = new Map<string, { readonly $eval: string }>();

function run(template: unknown, context: Context): unknown {
  return jsone(template as Parameters<typeof jsone>[0], context as Parameters<typeof jsone>[1]);
}

/** What is left out of the list or the map in which it stands. */
const absent = Symbol('absent');

function renderNode(template: unknown, context: Context): unknown {
  if (typeof template === 'string') return template.includes('${') ? run(template, context) : template;
  if (!isObject(template)) return template;
  const part = parts.get(template) ?? begin(template);
  return part.isCheap ? part.render(context) : once(part, context);
}

/** A list, a map or an operator of a template. */
interface Part {
  readonly render: (context: Context) => unknown;
  /** To render it costs no more than to know whether it was. */
  readonly isCheap: boolean;
  readonly names: ReturnType<typeof usedNames>;
  /** What it gave, by the values of what it uses. */
  readonly results: Map<string, unknown>;
}

const parts = new WeakMap<object, Part>();

function begin(template: object): Part {
  const path = pathOf(template);
  const isCheap = path !== undefined || isCondition(template);
  const render = rendererOf(template, path);
  const part = { render, isCheap, names: usedNames(template), results: new Map<string, unknown>() };
  parts.set(template, part);
  return part;
}

function rendererOf(template: object, path: readonly string[] | undefined): Part['render'] {
  const asJsone = (context: Context): unknown => {
    // In a list what is left out can be told from null.
    const [value = absent] = run([template], context) as unknown[];
    return value;
  };
  if (path) {
    return (context) => {
      const value = valueAt(path, context);
      return value === undefined || typeof value === 'function' ? asJsone(context) : value;
    };
  }
  if (isCondition(template)) {
    return (context) => {
      const branch = isTruthy(evaluate(template.$if, context)) ? 'then' : 'else';
      return Object.hasOwn(template, branch) ? renderNode(template[branch], context) : absent;
    };
  }
  if (Array.isArray(template)) return (context) => listOf(template, context);
  const mapping = mappingOf(template);
  if (mapping) {
    const { over, name, each } = mapping;
    return (context) => {
      const items = renderNode(over, context);
      if (!Array.isArray(items)) return asJsone(context);
      return present(items.map((item) => renderNode(each, { ...context, [name]: item })));
    };
  }
  const entries = Object.entries(template);
  const [[key, operand] = ['', undefined], ...others] = entries;
  if (others.length === 0 && Array.isArray(operand)) {
    if (key === '$flatten') return (context) => listOf(operand, context).flat();
    if (key === '$merge') return (context) => Object.assign({}, ...listOf(operand, context).map(asMap));
  }
  // Other operators, and keys that have to be made first.
  if (entries.some(([name]) => name.includes('$') || name === '__proto__')) return asJsone;
  return (context) => {
    const rendered: Record<string, unknown> = {};
    for (const [name, item] of entries) {
      const value = renderNode(item, context);
      if (value !== absent) rendered[name] = value;
    }
    return rendered;
  };
}

function listOf(items: readonly unknown[], context: Context): unknown[] {
  return present(items.map((item) => renderNode(item, context)));
}

function present(values: readonly unknown[]): unknown[] {
  return values.filter((value) => value !== absent);
}

function asMap(value: unknown): object {
  if (isObject(value) && !Array.isArray(value)) return value;
  throw new TypeError('not a map');
}

/** What gives something else each time is not kept in mind any longer. */
const most = 50;
/** Characters of the values that are compared: larger ones cost more than they spare. */
const mostCharacters = 2000;

function once({ render, names, results }: Part, context: Context): unknown {
  if (results.size >= most) return render(context);
  const values = valuesOf(names.values(), context);
  if (values === undefined || values.length > mostCharacters) return render(context);
  const known = results.get(values);
  if (known !== undefined) return known;
  const result = render(context);
  results.set(values, result);
  return result;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
