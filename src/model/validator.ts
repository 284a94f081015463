import { Ajv, type ValidateFunction } from 'ajv';
import { rootSchema } from './schema.ts';
import { validatorOptions } from './validator-options.ts';

/**
 * Checks the shape of a plain value against the schema.
 * The build replaces this module by its compiled form (`bin/build.ts`), so that Ajv itself isn't loaded at
 * start-up; a test holds the two together.
 */
export const validate: ValidateFunction = new Ajv(validatorOptions).compile(rootSchema);
