import { isLoopback, readSecretVariable, StartupError, secretWeakness } from '@hermes/service-kit';
import type { z } from 'zod';
import { configPath } from './config-file.ts';
import { configSchema, ENVIRONMENT_KEYS, type GatewayConfig, KNOWN_KEYS, LIST_VARIABLES } from './schema.ts';
import { secretNames } from './secret-names.ts';
import { readYamlFile, type YamlFile } from './yaml-file.ts';

/** Maximum characters of a wrong value in a message. */
const MAX_SHOWN = 60;

export interface LoadedConfig {
  readonly config: GatewayConfig;
  /** Settings that are unusual but do not prevent a start. */
  readonly warnings: readonly string[];
}

/**
 * Reads the settings of `home`, overridden by the environment. @throws StartupError that names the file, key and line,
 * or the variable.
 */
export function loadConfig(home: string, environment: NodeJS.ProcessEnv): LoadedConfig {
  const loaded = readConfig(home, environment);
  const problem = missingKey(loaded.config);
  if (problem !== undefined) throw new StartupError(problem);
  return loaded;
}

/** As {@link loadConfig}, but does not require the key. @throws StartupError */
export function readConfig(home: string, environment: NodeJS.ProcessEnv): LoadedConfig {
  const file = readYamlFile(configPath(home));
  const merged = structuredClone(file.value);
  const fromEnvironment = applyEnvironment(merged, environment);
  const parsed = configSchema.safeParse(merged);
  if (!parsed.success) throw new StartupError(describeIssue(parsed.error.issues[0], file, fromEnvironment, merged));
  const unknown = Object.keys(file.value).filter((key) => !KNOWN_KEYS.has(key));
  const ignored = unknown.map(
    (key) => `${file.path}: line ${file.lineOf([key])}: "${key}" is not a key of the gateway and is ignored`,
  );
  const isShared = parsed.data.journal.kind === 'postgres';
  if (parsed.data.on_drain === 'handover' && !isShared) {
    throw new StartupError(
      `${file.path}: line ${file.lineOf(['on_drain'])}: on_drain: handover needs a journal that gateways share: set journal.kind to postgres, or on_drain to queue or refuse`,
    );
  }
  const config = { ...parsed.data, on_drain: parsed.data.on_drain ?? (isShared ? 'handover' : 'refuse') };
  return { config, warnings: [...ignored, ...weakKey(config), ...withholdSecrets(config)] };
}

/** @returns a warning if the key can be guessed. */
function weakKey({ api_server: { key } }: GatewayConfig): string[] {
  const weakness = key && secretWeakness(key);
  if (!weakness) return [];
  return [`API_SERVER_KEY can be guessed: ${weakness}. Generate another one: openssl rand -base64 32`];
}

/** Removes the secrets from the environment of an agent's command. @returns a warning for each. */
function withholdSecrets(config: GatewayConfig): string[] {
  const { agent } = config;
  if (agent.kind !== 'command') return [];
  const secrets = secretNames(config);
  const withheld = agent.environment.filter((name) => secrets.has(name));
  agent.environment = agent.environment.filter((name) => !secrets.has(name));
  return withheld.map(
    (name) => `agent.environment: ${name} holds a secret of the gateway and is not passed to the command`,
  );
}

/** Writes the variables that are set into `target`. @returns the variable of each key, by the key's dotted name. */
function applyEnvironment(target: Record<string, unknown>, environment: NodeJS.ProcessEnv): Map<string, string> {
  const applied = new Map<string, string>();
  for (const [variable, key] of Object.entries(ENVIRONMENT_KEYS)) {
    const text = variable === 'API_SERVER_KEY' ? readSecretVariable(environment, variable) : environment[variable];
    if (text === undefined || text === '') continue;
    const [section, name] = key.length === 2 ? key : [undefined, key[0]];
    const place = section === undefined ? target : sectionOf(target, section);
    if (place === undefined) continue;
    place[name] = LIST_VARIABLES.has(variable) ? text.split(',').map((item) => item.trim()) : text;
    applied.set(key.join('.'), variable);
  }
  return applied;
}

/** A section that can contain a key; `undefined` if the file has another value there, which the validation reports. */
function sectionOf(target: Record<string, unknown>, section: string): Record<string, unknown> | undefined {
  target[section] ??= {};
  const value = target[section];
  return typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}

function describeIssue(
  issue: z.core.$ZodIssue | undefined,
  file: YamlFile,
  fromEnvironment: Map<string, string>,
  merged: unknown,
): string {
  if (issue === undefined) return `${file.path}: invalid`;
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
  const key = path.join('.');
  const place = variableOf(path, fromEnvironment) ?? `${file.path}: line ${file.lineOf(path)}: ${key}`;
  return `${place}: ${issue.message}${describeFound(issue, path.reduce(valueAt, merged))}`;
}

/** The variable of the value at `path`, or of the list that contains it. */
function variableOf(path: readonly PropertyKey[], fromEnvironment: Map<string, string>): string | undefined {
  return fromEnvironment.get(path.join('.')) ?? fromEnvironment.get(path.slice(0, -1).join('.'));
}

/** The value of an issue, unless it may be a secret: the key, or a value in an unexpected place. */
function describeFound(issue: z.core.$ZodIssue, value: unknown): string {
  const noSection = issue.code === 'invalid_type' && issue.expected === 'object';
  if (noSection || issue.code === 'unrecognized_keys' || issue.path.at(-1) === 'key') return '';
  return typeof value === 'object' ? '' : `, found ${String(JSON.stringify(value)).slice(0, MAX_SHOWN)}`;
}

function valueAt(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;
}

/** Why the gateway needs a key and has none; `undefined` if it needs none or has one. */
export function missingKey({ api_server: { host, key } }: GatewayConfig): string | undefined {
  if (isLoopback(host) || key !== undefined) return undefined;
  return `API_SERVER_HOST is ${host}, which other machines can reach: set API_SERVER_KEY, or listen on 127.0.0.1`;
}
