import schema from '../../schemas/platform.schema.json' with { type: 'json' };
import type { SchemaNode } from './schema.ts';

export const platformSchema: SchemaNode = schema as SchemaNode;
