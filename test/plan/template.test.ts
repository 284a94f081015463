import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import jsone from 'json-e';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { builtInFeatures } from '../../src/catalog/built-in-features.ts';
import { checkSource } from '../../src/pipeline/check-file.ts';
import { assumedInputs } from '../../src/plan/assumed-inputs.ts';
import { appContext, componentContext } from '../../src/plan/component-context.ts';
import { type Context, renderTemplate } from '../../src/plan/template.ts';
import { root } from '../support/paas.ts';

// People write templates after the documentation of json-e: whatever is rendered without it must be what it would give.

const byJsone = (template: unknown, context: Context): unknown =>
  jsone(template as Parameters<typeof jsone>[0], context as Parameters<typeof jsone>[1]);

/** What comes of it: a value, or the words of the error. */
function outcome(act: () => unknown): unknown {
  try {
    return { value: act() };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

const context = {
  component: {
    name: 'web',
    port: 80,
    env: [{ name: 'A' }, { name: 'B' }],
    none: null,
    empty: {},
    deep: { a: { b: 1 } },
  },
  list: [1, [2, 3], { x: 1 }],
  twice: (value: unknown) => [value, value],
};

describe('what json-e would give', () => {
  test.each([
    ['plain values', '{a: 1, b: [true, null, text], c: {}}'],
    ['texts with expressions', '{a: "${component.name}-x", b: "$${component.name}", c: $5}'],
    ['keys with expressions', '{"${component.name}": 1, $$eval: 2, $$if: 3}'],
    ['paths', '[{$eval: component.deep.a.b}, {$eval: component.none}, {$eval: list}]'],
    ['a path into null', '{a: {$eval: component.none.name}}'],
    ['a path that is not there', '{a: [{b: {$eval: component.deep.c}}]}'],
    ['a name that is not there', '{a: {$eval: nothing}}'],
    ['a path into a list', '{$eval: list.length}'],
    ['words of the language', '[{$eval: "true"}, {$eval: "null"}]'],
    ['a function that is not called', '{a: {$eval: twice}}'],
    ['a built-in function that is not called', '{a: {$eval: len}}'],
    ['a function', '{$eval: twice(component.name)}'],
    ['conditions', '[{$if: component.port, then: 1}, {$if: component.none, then: 1, else: 2}]'],
    ['left out of a list', '[1, {$if: component.none, then: 2}, {$switch: {component.none: 3}}]'],
    ['left out of a map', '{a: {$if: component.empty, then: 2}, b: {$switch: {component.none: 3}}}'],
    ['left out as a whole', '{$if: component.none, then: 2}'],
    ['left out as a whole by another operator', '{$switch: {component.none: 3}}'],
    ['null where it could be left out', '{a: {$if: component.port, then: null}, b: {$eval: component.none}}'],
    ['a condition within a condition', '{a: {$if: component.port, then: {$if: component.none, then: 1}}}'],
    ['a condition with a key that it does not have', '{$if: component.port, than: 1}'],
    ['a condition with $then', '{$if: component.port, $then: 1}'],
    ['a condition that is no text', '{$if: true, then: 1}'],
    ['merged maps', '{$merge: [{a: 1, b: {c: 1}}, {$if: component.port, then: {b: 2}}, {}]}'],
    ['merged what is no map', '{$merge: [{a: 1}, {$eval: list}]}'],
    ['merged what is null', '{$merge: [{a: 1}, {$eval: component.none}]}'],
    ['merged what an expression gives', '{$merge: {$eval: component.env}}'],
    ['merged with a key too many', '{$merge: [{a: 1}], b: 2}'],
    ['flat lists', '{$flatten: [[1, [2]], 3, {$eval: list}, {$if: component.none, then: [4]}]}'],
    ['mapped', '{$map: {$eval: component.env}, each(it): {n: {$eval: it.name}, m: "${it.name}!"}}'],
    ['mapped and left out', '{$map: [1, 2, 3], each(it): {$if: it > 1, then: {$eval: it}}}'],
    ['mapped with the index', '{$map: [a, b], "each(it,i)": "${i}${it}"}'],
    ['mapped maps', '{$map: {a: 1, b: 2}, each(it): {"${it.key}x": {$eval: it.val}}}'],
    ['mapped what is none', '{$map: {$eval: component.port}, each(it): 1}'],
    ['mapped under a name of the context', '{$map: [1, 2], each(component): {$eval: component}}'],
    ['mapped with a wrong key', '{$map: [1], each: 1}'],
    ['names of its own', '{$let: {a: 1}, in: {b: {$eval: a}}}'],
    ['an operator that is none', '{a: {$nothing: 1}}'],
    ['two operators', '{$eval: "1", $if: "true"}'],
    ['an expression that is none', '{a: [{$eval: 1 +}]}'],
    ['a key of every object', '{"__proto__": {a: 1}, b: 1}'],
  ])('%s', (_, text) => {
    const template: unknown = parse(text);
    // Twice: the second time it may be known.
    for (let time = 0; time < 2; time++) {
      expect(outcome(() => renderTemplate(template, context))).toEqual(
        outcome(() => byJsone(template, context)),
      );
    }
  });

  test('of other values it gives another, wherever they are', () => {
    const template = {
      a: { $eval: 'component.deep.a.b' },
      b: { $map: { $eval: 'list' }, 'each(it)': '${it.n}' },
    };
    for (const [b, list] of [
      [1, []],
      [2, []],
      [undefined, []],
      [2, [{ n: 1 }]],
      [2, [{ n: 2 }]],
    ] as const) {
      const values = { component: { deep: { a: b === undefined ? 'b' : { b } } }, list };
      expect(outcome(() => renderTemplate(template, values))).toEqual(
        outcome(() => byJsone(template, values)),
      );
    }
  });

  const examples = readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' });
  test.each(examples.filter((path) => /(^|\/)paas\.yaml$/.test(path)))(
    'templates that are built in, for %s',
    async (path) => {
      const features = await builtInFeatures(root);
      const text = readFileSync(join(root, 'examples', path), 'utf8');
      const { apps } = checkSource({ path, text }, undefined, undefined);
      let compared = 0;
      for (const { app } of apps) {
        const inputs = { ...assumedInputs(app).inputs, files: {} };
        const components = app.components.map((component) => componentContext(app, component, inputs));
        for (const { for: of, let: names, objects, patches } of features) {
          for (const component of of === 'component' ? components : [undefined]) {
            let known: Context = {
              ...appContext(app, inputs),
              ...(component ? { component } : { components }),
            };
            for (const { name, template } of names) {
              const value = outcome(() => renderTemplate(template, known));
              expect(value).toEqual(outcome(() => byJsone(template, known)));
              known = { ...known, [name]: (value as { value?: unknown }).value };
            }
            for (const { template } of [...objects, ...patches]) {
              expect(outcome(() => renderTemplate(template, known))).toEqual(
                outcome(() => byJsone(template, known)),
              );
              compared += 1;
            }
          }
        }
      }
      expect(compared).toBeGreaterThan(0);
    },
  );
});
