import { StartupError } from '@hermes/service-kit';

/** The SQLSTATE by which the journal refuses the writes of a gateway that another one has declared dead. */
export const FENCED = 'HG001';

/** What such a gateway says of itself. */
export const DECLARED_DEAD = 'another gateway has declared this one dead';

/** SQLSTATEs that a person can act on, and the action. The first that a code starts with counts. */
const CURES: readonly (readonly [state: string, cure: string])[] = [
  ['53100', 'its disk is full; free some space on the server'],
  ['53200', 'it has no free memory; free some memory on the server'],
  ['53300', 'it has no free connection; raise max_connections, or stop other clients'],
  ['53', 'it lacks a resource; check the server'],
  ['25006', 'it is read-only, as a standby is; use the address of the primary server'],
  ['28', 'it refuses the user or the password; check the URL'],
  ['3D000', 'the database does not exist; create it, or correct the URL'],
  ['3F000', 'the schema does not exist; run "hermes-gateway journal migrate" as a role that may create it'],
  ['42501', 'the role lacks a permission; run "hermes-gateway journal init" to print the permissions that it needs'],
  ['55P03', 'another transaction holds a lock for too long; look for it in pg_stat_activity'],
  ['57014', 'a statement took too long; check the load of the server'],
  ['57P03', 'it is starting up or shutting down; wait until it is ready'],
  ['57P', 'it has ended the connection; wait until it is ready'],
  ['58', 'its disk reports an error; check the server'],
  ['XX001', 'its data are damaged; restore a backup'],
  ['XX002', 'its data are damaged; restore a backup'],
  ['08', 'the connection is broken; check the network and the server'],
];

/** SQLSTATEs, or their beginnings, of errors that pass without a change of the configuration. */
const PASSING = ['08', '25006', '40', '53', '55P03', '57014', '57P', '58'];

const SQLSTATE = /^[0-9A-Z]{5}$/;

/** The SQLSTATE of an error that the server has answered; `undefined` for others, such as a broken connection. */
export function sqlState(error: unknown): string | undefined {
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  return typeof code === 'string' && SQLSTATE.test(code) && typeof severity === 'string' ? code : undefined;
}

/** Whether the server has certainly rolled back the statement that failed with this error. */
export function isRolledBack(error: unknown): boolean {
  const state = sqlState(error);
  return state !== undefined && !state.startsWith('08') && !state.startsWith('57P');
}

/** Whether the error is about the server or the connection, and not about the request. */
export function isOfServer(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined || CURES.some(([start]) => state.startsWith(start));
}

/** What is wrong with the server and what to do, without the URL. */
export function problemOf(error: unknown): string {
  const state = sqlState(error);
  const cure = CURES.find(([start]) => state?.startsWith(start))?.[1];
  if (cure !== undefined) return `cannot use the journal on PostgreSQL: ${cure} (${reasonOf(error)})`;
  const advice =
    state === undefined ? 'check the address, the network and whether the server runs' : 'check the server';
  return `cannot use the journal on PostgreSQL: ${reasonOf(error)}; ${advice}`;
}

/** The error of a start that failed. */
export function startupError(error: unknown): Error {
  if (error instanceof StartupError) return error;
  const state = sqlState(error);
  const temporary = state === undefined || PASSING.some((start) => state.startsWith(start));
  return new StartupError(problemOf(error), { temporary });
}

/** The message of an error; an attempt to connect to several addresses has one for each. */
function reasonOf(error: unknown): string {
  const { errors, message } = error as AggregateError;
  const [first] = (errors ?? []) as Error[];
  return message || first?.message || String(error);
}
