import { quoted } from './schema.ts';

/** The roles of a journal. */
export interface JournalRoles {
  /** Owns the schema, and migrates it. */
  readonly owner: string;
  /** Runs gateways: it can read and write rows, and change no table. */
  readonly runner: string;
}

/**
 * Statements that create the schema and the roles with the least privileges, one a line; they can be repeated. Passwords
 * are set by the administrator.
 */
export function privilegeStatements(schema: string, { owner, runner }: JournalRoles): string[] {
  const [inSchema, ownedBy, runsAs] = [schema, owner, runner].map(quoted);
  const defaults = `alter default privileges for role ${ownedBy} in schema ${inSchema}`;
  const rows = 'select, insert, update, delete';
  return [
    createRole(owner, 'nologin'),
    createRole(runner, 'login'),
    `create schema if not exists ${inSchema} authorization ${ownedBy};`,
    `revoke all on schema ${inSchema} from public;`,
    `grant usage on schema ${inSchema} to ${runsAs};`,
    `grant ${rows} on all tables in schema ${inSchema} to ${runsAs};`,
    `grant usage, select on all sequences in schema ${inSchema} to ${runsAs};`,
    `grant execute on all functions in schema ${inSchema} to ${runsAs};`,
    `${defaults} grant ${rows} on tables to ${runsAs};`,
    `${defaults} grant usage, select on sequences to ${runsAs};`,
    `${defaults} grant execute on functions to ${runsAs};`,
  ];
}

function createRole(name: string, kind: 'login' | 'nologin'): string {
  const literal = `'${name.replaceAll("'", "''")}'`;
  return `do $role$ begin if not exists (select from pg_roles where rolname = ${literal}) then create role ${quoted(name)} ${kind}; end if; end $role$;`;
}
