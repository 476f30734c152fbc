import { z } from 'zod';

const VARIABLE_RULE = 'expected the name of an environment variable, like DATABASE_URL';
const SCHEMA_RULE = 'expected lower-case letters, digits and _, like hermes';
const NAME_RULE = 'expected 1 to 100 visible characters';

const sqliteSchema = z.strictObject({ kind: z.literal('sqlite') });

const postgresSchema = z.strictObject({
  kind: z.literal('postgres'),
  /** Name of the environment variable that holds the URL of the database. */
  url_env: z
    .string(VARIABLE_RULE)
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, VARIABLE_RULE)
    .default('DATABASE_URL'),
  /** The schema with the tables, which the gateways share. */
  schema: z
    .string(SCHEMA_RULE)
    .regex(/^[a-z_][a-z0-9_]{0,39}$/, SCHEMA_RULE)
    .default('hermes'),
  /** What the others call this gateway; the same after a restart. Default: the host name and the home. */
  name: z
    .string(NAME_RULE)
    .regex(/^[\x21-\x7e]{1,100}$/, NAME_RULE)
    .optional(),
});

/** Where the journal is: in a file of the home, or in a database that gateways share. */
export const journalSchema = z.discriminatedUnion(
  'kind',
  [sqliteSchema, postgresSchema],
  'expected sqlite or postgres',
);
export type JournalConfig = z.infer<typeof journalSchema>;
export type PostgresConfig = z.infer<typeof postgresSchema>;
