import { FUNCTIONS_1 } from './apply-1.ts';
import { FLEET_1 } from './fleet-1.ts';
import { TABLES_1 } from './schema-1.ts';

/** The schema, step by step: the first brings an empty schema to version 1, and so on. Never edit one; append. */
export const MIGRATIONS: readonly string[] = [`${TABLES_1}${FUNCTIONS_1}${FLEET_1}`];
