import { Ajv, type ValidateFunction } from 'ajv';
import type { SchemaNode } from './schema.ts';
import { validatorOptions } from './validator-options.ts';

/** The compiled form of a schema that is known only at run time. Throws where it is no JSON Schema. */
export function compileSchema(schema: SchemaNode): ValidateFunction {
  return new Ajv(validatorOptions).compile(schema);
}
