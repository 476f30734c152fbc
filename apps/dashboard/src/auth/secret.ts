import { isLoopback, StartupError, secretWeakness } from '@hermes/service-kit';
import type { Config } from '../config/config.ts';
import { ensureToken } from './token-file.ts';

/** The bearer secret of this dashboard. */
export interface Secret {
  readonly value: string;
  /** Whether it was generated here, so that its owner has yet to learn it. */
  readonly generated: boolean;
}

/** The principal of whoever comes with it. */
export const OWN_PRINCIPAL = 'dashboard';

/**
 * The secret to guard the API with, or `undefined` when there are others. @throws StartupError if it is weak, or there is
 * none at all and the host is public.
 */
export async function resolveSecret(
  config: Pick<Config, 'home' | 'host' | 'secret' | 'credentialsPath'>,
): Promise<Secret | undefined> {
  if (config.secret !== undefined) return { value: checked(config.secret), generated: false };
  if (isLoopback(config.host)) return { value: await ensureToken(config.home), generated: true };
  if (config.credentialsPath !== undefined) return undefined;
  throw new StartupError(
    `HERMES_DASHBOARD_DRAIN_SECRET: expected a secret, because ${config.host} can be reached from other machines; found none. ` +
      'Set it to the output of `openssl rand -base64 32`, name a file with HERMES_DASHBOARD_CREDENTIALS, or listen on 127.0.0.1',
  );
}

function checked(secret: string): string {
  const weakness = secretWeakness(secret);
  if (weakness === undefined) return secret;
  throw new StartupError(
    `HERMES_DASHBOARD_DRAIN_SECRET is too weak: ${weakness}. Use the output of \`openssl rand -base64 32\``,
  );
}
