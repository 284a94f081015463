import { Ajv, type ValidateFunction } from 'ajv';
import { platformSchema } from './platform-schema.ts';
import { validatorOptions } from './validator-options.ts';

/** The same for the platform team's file; replaced by the build as well. */
export const validatePlatform: ValidateFunction = new Ajv(validatorOptions).compile(platformSchema);
