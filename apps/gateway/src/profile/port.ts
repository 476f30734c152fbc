import { once } from 'node:events';
import { createServer } from 'node:net';
import { listProfiles } from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';
import { configPath } from '../config/config-file.ts';
import { readYamlFile } from '../config/yaml-file.ts';

/** Where a profile listens whose settings do not say. */
const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 8642;
const LAST_PORT = 65_535;

/** The port in the settings of `home`; `undefined` when it cannot be read. */
export function configuredPort(home: string): number | undefined {
  const section = readApiServer(home);
  if (section === undefined) return undefined;
  const port = Number(section.port ?? DEFAULT_PORT);
  return Number.isInteger(port) ? port : undefined;
}

/** The host in the settings of `home`; `undefined` when it cannot be read. */
export function configuredHost(home: string): string | undefined {
  const section = readApiServer(home);
  if (section === undefined) return undefined;
  return typeof section.host === 'string' ? section.host : DEFAULT_HOST;
}

/** `undefined` when the settings cannot be read. */
function readApiServer(home: string): { readonly host?: unknown; readonly port?: unknown } | undefined {
  try {
    return readYamlFile(configPath(home)).value.api_server ?? {};
  } catch {
    return undefined;
  }
}

/** @throws StartupError when another profile uses `port`. */
export function requireUnnamed(port: number): void {
  const holder = listProfiles().find(({ home }) => configuredPort(home) === port);
  if (holder) throw new StartupError(`the profile ${holder.name} uses port ${port}: choose another port`);
}

/** The first port after the default one that no profile uses and on which no program listens. @throws StartupError. */
export async function freePort(): Promise<number> {
  const named = new Set(listProfiles().map(({ home }) => configuredPort(home)));
  for (let port = DEFAULT_PORT + 1; port <= LAST_PORT; port++) {
    if (!named.has(port) && (await isFree(port))) return port;
  }
  throw new StartupError(`no port from ${DEFAULT_PORT + 1} to ${LAST_PORT} is free: choose one with --port`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
