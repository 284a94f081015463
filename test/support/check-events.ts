import { Ajv, type ValidateFunction } from 'ajv';
import { eventSchemas, eventsSchema } from '../../src/terminal/event-schema.ts';

// Every stream of events that any test reads is held against the schema that is published.

/** By type: the published schema, and stricter than that: a field that it doesn't name is one that nobody described. */
let validators: Map<string, ValidateFunction> | undefined;

function makeValidators(): Map<string, ValidateFunction> {
  const ajv = new Ajv({ allErrors: true, strict: true });
  const { oneOf } = eventsSchema() as { oneOf: readonly { readonly title: string }[] };
  return new Map(oneOf.map((one) => [one.title, ajv.compile(closed(one) as object)]));
}

/** The same schema, and nothing besides. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const all = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return 'required' in all && 'properties' in all ? { ...all, additionalProperties: false } : all;
}

/** Throws where what `--json` printed is a stream of events that isn't as the schema says. `cut`: it may end early. */
export function checkEvents(stdout: string, cut = false): void {
  const lines = stdout.split('\n').filter((line) => line !== '');
  const events = lines.map(parse);
  if (typeof events[0]?.type !== 'string' || !(events[0].type in eventSchemas)) return;
  validators ??= makeValidators();
  for (const [index, event] of events.entries()) {
    const last = index === events.length - 1;
    if (event === undefined && last && cut) return;
    const validate = validators.get(String(event?.type));
    if (!validate?.(event)) {
      const errors = validate?.errors?.map(({ instancePath, message }) => `${instancePath} ${message}`);
      throw new Error(`Not an event of the schema: ${lines[index]}\n${errors?.join('\n') ?? 'unknown type'}`);
    }
    if ((event?.version === 1) !== (index === 0))
      throw new Error(`The version belongs into line 1: ${stdout}`);
    if ((event?.type === 'end') !== last && !(last && cut))
      throw new Error(`end is not the last event:\n${stdout}`);
  }
}

function parse(line: string): { readonly [field: string]: unknown } | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
