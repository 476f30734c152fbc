import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { LocalDashboard } from '@hermes/dashboard-client/local';
import { DASHBOARD_SOCKET_FILENAME, DASHBOARD_TOKEN_FILENAME } from '@hermes/drain-contract';
import { DrainctlError, EXIT } from '../exit.ts';
import { checkedToken, readTokenFile } from './token.ts';

export const DEFAULT_URL = 'http://127.0.0.1:9119';
/** Where the secret in the home was not sent. */
export const ADVICE = {
  sendAnyway: 'To send a secret to it all the same, name both: --url URL --token-file FILE',
  useSocket: 'leave out --url and DRAINCTL_URL to use the socket of the dashboard in HERMES_HOME',
} as const;
const ROOT = 0;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** What the command line says; each field overrides its environment variable. */
export interface ConnectionOptions {
  readonly url?: string;
  readonly tokenFile?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A dashboard and its secret. */
export interface Target {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: string;
  /** Present when the secret was found in the home: then it is for this dashboard alone. */
  readonly local?: LocalDashboard;
}

/** A variable that is empty counts as unset. @throws DrainctlError. */
export async function readTarget(options: ConnectionOptions, environment: Environment): Promise<Target> {
  const named = options.url ?? (environment['DRAINCTL_URL'] || undefined);
  const parsed = parseUrl(named ?? DEFAULT_URL);
  const url = parsed.href.replace(/\/+$/, '');
  const token = await readNamedToken(options, environment);
  if (token !== undefined) return { url, token };
  return { url, ...(await findToken(parsed, named === undefined, environment)) };
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash;
  if (url && plain) return url;
  // What is wrong with it may be a secret in it.
  const message = `the URL of the dashboard: expected http(s)://HOST[:PORT][/PATH] without a user, query or fragment`;
  throw new DrainctlError('usage', EXIT.usage, `${message}, for example ${DEFAULT_URL}`);
}

/** The secret that a person chose; where it is sent is that person's decision, too. */
async function readNamedToken(options: ConnectionOptions, environment: Environment): Promise<string | undefined> {
  const readNamed = async (path: string) => (await readTokenFile(path, { followLinks: true })).token;
  if (options.tokenFile) return readNamed(options.tokenFile);
  if (environment['DRAINCTL_TOKEN']) return checkedToken(environment['DRAINCTL_TOKEN'].trim(), 'DRAINCTL_TOKEN');
  const file = environment['DRAINCTL_TOKEN_FILE'];
  return file ? readNamed(file) : undefined;
}

/** The secret in the home, for the dashboard of that home alone. */
async function findToken(
  url: URL,
  isDefault: boolean,
  environment: Environment,
): Promise<Pick<Target, 'token' | 'local'>> {
  // The secret of this machine's dashboard is not for another machine.
  if (!LOOPBACK.test(url.hostname)) {
    const cure = 'set --token-file, DRAINCTL_TOKEN_FILE or DRAINCTL_TOKEN';
    throw new DrainctlError('no-credential', EXIT.config, `no secret for the dashboard at ${url.host}: ${cure}`);
  }
  const home = resolve(environment['HERMES_HOME']?.trim() || join(homedir(), '.hermes'));
  const { token, owner } = await readTokenFile(join(home, DASHBOARD_TOKEN_FILENAME), { followLinks: false });
  const trusted = [process.geteuid?.() ?? ROOT, owner, ROOT];
  // A URL that was named may be that of another dashboard, whose gateways are not those of this home.
  const socketPath = isDefault ? join(home, DASHBOARD_SOCKET_FILENAME) : undefined;
  return { token, local: { url, socketPath, trusted, advice: ADVICE } };
}
