import { resolve } from 'node:path';
import { resolveHome } from '@hermes/drain-contract';
import { LOG_LEVELS, type LogLevel, readSecretVariable, readStartTimeout, StartupError } from '@hermes/service-kit';
import { z } from 'zod';
import { readWebhookConfig, type WebhookConfig } from '../webhook/config.ts';
import { MANAGERS, type ManagerName } from './manager-names.ts';
import { MAX_PORT, parsePort } from './port.ts';

/** The command-line options; each one overrides its environment variable. */
export interface ConfigOptions {
  readonly host?: string;
  readonly port?: number;
  readonly home?: string;
}

/** The whole configuration of the dashboard. */
export interface Config {
  /** Absolute path of the root profile's home directory. */
  readonly home: string;
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** The bearer secret that the operator chose, unchecked. */
  readonly secret: string | undefined;
  /** Absolute path of the file with the named secrets. */
  readonly credentialsPath: string | undefined;
  /** The receiver of webhooks. */
  readonly webhook: WebhookConfig | undefined;
  /** The service manager of the gateways; found if `undefined`. */
  readonly manager: ManagerName | undefined;
  /** The directory that s6-svscan watches, if the gateways have one of their own. */
  readonly scandir: string | undefined;
  /** Seconds for which each start-up step retries temporary failures. */
  readonly startTimeout: number;
  /** Further names by which clients call the dashboard. */
  readonly allowedHosts: readonly string[];
  /** Addresses and networks whose `X-Forwarded-For` is trusted. */
  readonly trustedProxies: readonly string[];
  readonly logLevel: LogLevel;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The configuration in `environment` and `options`. A variable that is empty counts as unset.
 * @throws StartupError that names the variable, what was expected and what was found.
 */
export function readConfig(environment: Environment, options: ConfigOptions = {}): Config {
  checkNotifyFd(environment);
  return {
    home: resolveHome({ home: options.home || environment.HERMES_HOME?.trim() || undefined }),
    host: readHost(environment, options.host),
    port: options.port ?? readPort(environment),
    secret: readSecretVariable(environment, 'HERMES_DASHBOARD_DRAIN_SECRET'),
    credentialsPath: readCredentialsPath(environment),
    webhook: readWebhookConfig(environment),
    manager: readManager(environment),
    scandir: environment.S6_PROFILE_GATEWAY_SCANDIR || undefined,
    startTimeout: readStartTimeout(environment),
    allowedHosts: readList(environment, 'HERMES_DASHBOARD_ALLOWED_HOSTS', HOST_LIST),
    trustedProxies: readList(environment, 'HERMES_DASHBOARD_TRUSTED_PROXIES', PROXY_LIST),
    logLevel: readLogLevel(environment),
  };
}

function readHost(environment: Environment, option: string | undefined): string {
  if (option !== undefined) return checkedHost('--host', option);
  return checkedHost('HERMES_DASHBOARD_HOST', environment.HERMES_DASHBOARD_HOST || '127.0.0.1');
}

function checkedHost(setting: string, host: string): string {
  if (/^[\w.:%-]+$/.test(host)) return host;
  throw unexpected(setting, 'an address or host name without a port, such as 127.0.0.1 or ::1', host);
}

function readPort(environment: Environment): number {
  const text = environment.HERMES_DASHBOARD_PORT || '9119';
  const port = parsePort(text);
  if (port !== undefined) return port;
  throw unexpected('HERMES_DASHBOARD_PORT', `a whole number from 0 to ${MAX_PORT}`, text);
}

function readCredentialsPath(environment: Environment): string | undefined {
  const path = environment.HERMES_DASHBOARD_CREDENTIALS || undefined;
  return path && resolve(path);
}

const HOST_LIST = {
  item: z
    .string()
    .regex(/^[^\s:/]+$/)
    .toLowerCase(),
  expected: 'host names without a port, separated by commas',
};
const PROXY_LIST = {
  item: z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]),
  expected: 'addresses or networks separated by commas, such as 10.0.0.7 or 10.0.0.0/8',
};

function readList(environment: Environment, variable: string, list: typeof HOST_LIST | typeof PROXY_LIST): string[] {
  const text = environment[variable] ?? '';
  const items = text.split(',').flatMap((item) => item.trim() || []);
  const parsed = z.array<z.ZodType<string>>(list.item).safeParse(items);
  if (parsed.success) return parsed.data;
  throw unexpected(variable, list.expected, text);
}

function readLogLevel(environment: Environment): LogLevel {
  const text = environment.HERMES_DASHBOARD_LOG_LEVEL || 'info';
  const level = LOG_LEVELS.find((candidate) => candidate === text);
  if (level) return level;
  throw unexpected('HERMES_DASHBOARD_LOG_LEVEL', `one of ${LOG_LEVELS.join(', ')}`, text);
}

function readManager(environment: Environment): ManagerName | undefined {
  const text = environment.HERMES_SERVICE_MANAGER || 'auto';
  if (text === 'auto') return undefined;
  const manager = MANAGERS.find((candidate) => candidate === text);
  if (manager) return manager;
  throw unexpected('HERMES_SERVICE_MANAGER', `one of auto, ${MANAGERS.join(', ')}`, text);
}

function checkNotifyFd(environment: Environment): void {
  const text = environment.HERMES_NOTIFY_FD || '3';
  if (/^\d{1,7}$/.test(text) && Number(text) >= 3) return;
  throw unexpected('HERMES_NOTIFY_FD', 'the number of an open descriptor, at least 3', text);
}

function unexpected(setting: string, expected: string, found: string): StartupError {
  return new StartupError(`${setting}: expected ${expected}; found ${JSON.stringify(found.slice(0, 100))}`);
}
