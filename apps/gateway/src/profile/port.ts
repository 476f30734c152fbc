import { once } from 'node:events';
import { createServer } from 'node:net';
import { listProfiles } from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';
import { configPath } from '../config/config-file.ts';
import { readYamlFile } from '../config/yaml-file.ts';

/** The port of a profile whose settings name none. */
const DEFAULT_PORT = 8642;
const LAST_PORT = 65_535;

/** The port in the settings of `home`; `undefined` when it cannot be read. */
export function configuredPort(home: string): number | undefined {
  try {
    const section = readYamlFile(configPath(home)).value.api_server;
    const port = (section as { port?: unknown } | null | undefined)?.port ?? DEFAULT_PORT;
    return Number.isInteger(Number(port)) ? Number(port) : undefined;
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
