import { homedir } from 'node:os';
import { join } from 'node:path';
import { DrainctlError, EXIT } from '../exit.ts';
import { checkedToken, readTokenFile } from './token.ts';

export const DEFAULT_URL = 'http://127.0.0.1:9119';
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** What the command line says; each field goes before its environment variable. */
export interface ConnectionOptions {
  readonly url?: string;
  readonly tokenFile?: string;
}

/** Where the dashboard is, and what it shall know us by. */
export interface Connection {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A variable that is empty counts as unset. @throws DrainctlError. */
export async function readConnection(options: ConnectionOptions, environment: Environment): Promise<Connection> {
  const url = parseUrl(options.url ?? (environment['DRAINCTL_URL'] || DEFAULT_URL));
  return { url: url.href.replace(/\/+$/, ''), token: await readToken(url, options, environment) };
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash;
  if (url && plain) return url;
  // What is wrong with it may be a secret in it.
  const message = `the URL of the dashboard: expected http(s)://HOST[:PORT][/PATH] without a user, query or fragment`;
  throw new DrainctlError('usage', EXIT.usage, `${message}, for example ${DEFAULT_URL}`);
}

async function readToken(url: URL, options: ConnectionOptions, environment: Environment): Promise<string> {
  if (options.tokenFile) return readTokenFile(options.tokenFile, { followLinks: true });
  if (environment['DRAINCTL_TOKEN']) return checkedToken(environment['DRAINCTL_TOKEN'].trim(), 'DRAINCTL_TOKEN');
  const named = environment['DRAINCTL_TOKEN_FILE'];
  if (named) return readTokenFile(named, { followLinks: true });
  // The secret of this machine's dashboard is not for another machine.
  if (!LOOPBACK.test(url.hostname)) {
    const cure = 'set --token-file, DRAINCTL_TOKEN_FILE or DRAINCTL_TOKEN';
    throw new DrainctlError('no-credential', EXIT.config, `no secret for the dashboard at ${url.host}: ${cure}`);
  }
  const home = environment['HERMES_HOME']?.trim() || join(homedir(), '.hermes');
  return readTokenFile(join(home, '.dashboard_token'), { followLinks: false });
}
