import { realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { relative } from 'node:path';
import { StartupError } from '@hermes/service-kit';
import type { AgentContext } from '../agent.ts';
import type { CommandAgentConfig } from '../config.ts';
import type { Sandbox } from './arguments.ts';

/** The working directory unless `cwd` is set. */
const CWD = '/tmp/workspace';

/** Directories with the data of users, running programs and their sockets. */
const PRIVATE_PLACES = ['/home', '/root', '/run', '/tmp', '/var/tmp'];

/** May be a link into a hidden directory. */
const RESOLVER = '/etc/resolv.conf';

/**
 * Decides what an isolated command sees. The working directory is temporary unless `cwd` is set. @throws StartupError
 */
export function planSandbox(config: CommandAgentConfig, context: AgentContext): Sandbox {
  const { environment, secretNames } = context;
  const homes = [context.home, context.rootHome].map((path) => realpathSync(path));
  const places = [...PRIVATE_PLACES, homedir(), environment.CREDENTIALS_DIRECTORY ?? '', ...homes];
  const hidden = outermost(places.flatMap(existingDirectory));
  const isHidden = (path: string) => hidden.some((place) => contains(place, path));
  const secretFiles = [...secretNames]
    .filter((name) => name.endsWith('_FILE'))
    .flatMap((name) => existing(environment[name] ?? ''));
  const listed = (key: string, paths: readonly string[]) => paths.map((path) => allowed(key, path, homes));
  const workspace = config.cwd === undefined ? undefined : allowed('cwd', config.cwd, homes);
  return {
    hidden,
    masked: secretFiles.filter((path) => !isHidden(path)),
    readable: [...existing(RESOLVER).filter(isHidden), ...listed('readable', config.readable)],
    writable: listed('writable', config.writable),
    workspace,
    cwd: workspace ?? CWD,
    network: config.network,
  };
}

/** @returns the real path. @throws StartupError unless it exists and does not expose the homes. */
function allowed(key: string, path: string, homes: readonly string[]): string {
  const [real] = existing(path);
  if (real === undefined)
    throw new StartupError(`agent.${key}: ${path} does not exist: create it, or set another path`);
  const home = homes.find((each) => contains(each, real) || contains(real, each));
  if (home === undefined) return real;
  const rule = 'expected a path outside that home that does not contain it, because isolation hides the home';
  throw new StartupError(`agent.${key}: ${path} would show the home ${home} to the command: ${rule}`);
}

function existing(path: string): string[] {
  if (path === '') return [];
  try {
    return [realpathSync(path)];
  } catch {
    return [];
  }
}

function existingDirectory(path: string): string[] {
  return existing(path).filter((real) => real !== '/' && statSync(real).isDirectory());
}

/** Without those that lie in another one. */
function outermost(paths: readonly string[]): string[] {
  const all = [...new Set(paths)].sort();
  return all.filter((path) => !all.some((other) => other !== path && contains(other, path)));
}

function contains(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way === '' || !(way === '..' || way.startsWith('../'));
}
