import type { GatewayConfig } from './schema.ts';

/** Variables of our programs that contain a secret, independent of the configuration. */
const FIXED = [
  'API_SERVER_KEY',
  'DATABASE_URL',
  'DRAINCTL_TOKEN',
  'HERMES_DASHBOARD_DRAIN_SECRET',
  'HERMES_DASHBOARD_WEBHOOK_SECRET',
  'HERMES_DASHBOARD_WEBHOOK_URL',
] as const;

/** The variables that contain a secret of the gateway, or name a file with one. Commands of an agent never get them. */
export function secretNames({ agent, journal, telegram, webhook }: GatewayConfig): ReadonlySet<string> {
  const named = [
    ...(agent.kind === 'openai' ? [agent, ...agent.fallbacks].map((server) => server.key_env) : []),
    journal.kind === 'postgres' ? journal.url_env : undefined,
    telegram?.token_env,
    webhook?.secret_env,
  ];
  const secrets = [...FIXED, ...named.filter((name) => name !== undefined)];
  return new Set([...secrets, ...secrets.map((name) => `${name}_FILE`), 'CREDENTIALS_DIRECTORY']);
}
