import { StartupError } from '@hermes/service-kit';

/** PostgreSQL's codes that an operator can act on, and the action. */
const CURES: Readonly<Record<string, string>> = {
  '53100': 'the disk of the database server is full; free some space there',
  '53200': 'the database server has no memory left; free some there',
  '53300': 'the database server has no free connection; raise max_connections there, or stop other programs',
  '25006': 'the database is read-only, as a standby is; let the URL lead to the primary server',
  '57P03': 'the database server is starting up or shutting down; wait',
  '55P03': 'a lock in the database was not free in time; find out which program holds it',
  '57014': 'a statement took too long; check the load of the database server',
  '28P01': 'the password in the URL of the database is wrong',
  '28000': 'the database server does not let this user in; check the user in the URL and pg_hba.conf',
  '3D000': 'there is no such database; create it, or change the URL',
  '42501': 'the user has no permission; run "hermes-gateway journal init" to see which ones it needs',
  '42P01': 'a table is missing; run "hermes-gateway journal migrate"',
  '42883': 'a function is missing; run "hermes-gateway journal migrate"',
  '08P01':
    'the URL leads to something that is not PostgreSQL itself, such as PgBouncer, which does not keep locks and notifications; use the port of the server',
};

/** Codes that do not pass by themselves. */
const LASTING = ['28P01', '28000', '3D000', '42501', '42P01', '42883', '08P01'];

/** Why the journal cannot be used, and what to do. Without the URL, which holds a password. */
export function describeFailure(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  const cure = CURES[code ?? ''] ?? 'the database cannot be reached; check the server and the network';
  return `cannot use the journal in PostgreSQL: ${cure} (${message || code || String(error)})`;
}

/** The error of a start. */
export function startupError(error: unknown): StartupError {
  if (error instanceof StartupError) return error;
  const { code = '' } = error as { code?: string };
  return new StartupError(describeFailure(error), { cause: error, temporary: !LASTING.includes(code) });
}

/** Whether the error is about the database, and not about the request: a turn that has ended, a repeated message. */
export function isOfDatabase(error: unknown): boolean {
  const { code = '' } = error as { code?: string };
  return !code.startsWith('ERR_NO_SUCH') && !code.startsWith('ERR_DUPLICATE');
}
