import { isLoopback, StartupError, secretWeakness } from '@hermes/service-kit';
import { ensureToken } from './token-file.ts';

/** The bearer secret of this dashboard. */
export interface Secret {
  readonly value: string;
  /** Whether the dashboard generated it, so that the operator does not know it yet. */
  readonly generated: boolean;
}

/** Where a secret may come from. */
export interface SecretSources {
  /** The root home, for a token that is made here. */
  readonly home: string;
  /** The address to listen on. */
  readonly host: string;
  /** From the environment. */
  readonly secret?: string | undefined;
  /** The file with the credentials of others. */
  readonly credentialsPath?: string | undefined;
}

/** The principal of requests that bring it. */
export const OWN_PRINCIPAL = 'dashboard';

/**
 * The secret to guard the API with, or `undefined` when there are others. @throws StartupError if it is weak, or there is
 * none at all and the host is public.
 */
export async function resolveSecret(sources: SecretSources): Promise<Secret | undefined> {
  const { home, host, secret, credentialsPath } = sources;
  if (secret !== undefined) return { value: checked(secret), generated: false };
  if (isLoopback(host)) return { value: await ensureToken(home), generated: true };
  if (credentialsPath !== undefined) return undefined;
  throw new StartupError(
    `HERMES_DASHBOARD_DRAIN_SECRET: expected a secret, because ${host} can be reached from other machines; found none. ` +
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
