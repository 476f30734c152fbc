import { StartupError } from '@hermes/service-kit';
import { requireVariable } from '../../environment/require-variable.ts';
import type { Channel } from '../channel.ts';
import type { WebhookConfig } from './config.ts';
import { WebhookChannel } from './webhook-channel.ts';

/** Standard Webhooks requires 24 to 64 random bytes. */
const SECRET_BYTES = { min: 24, max: 64 } as const;

/**
 * A webhook that delivers the events that no other channel delivers.
 * @throws StartupError that names the missing or wrong secret variable, and its key.
 */
export function createWebhook(
  config: WebhookConfig,
  environment: NodeJS.ProcessEnv,
  others: readonly Channel[],
): Channel {
  const { url, secret_env: secretEnv, timeout } = config;
  const secret = requireVariable(environment, secretEnv, 'webhook.secret_env');
  if (!isWebhookSecret(secret)) {
    const { min, max } = SECRET_BYTES;
    throw new StartupError(
      `${secretEnv} (webhook.secret_env): expected whsec_ and ${min} to ${max} random bytes in base64; ` +
        'make one with: echo "whsec_$(head -c 32 /dev/urandom | base64)"',
    );
  }
  const carries = (session: string): boolean => !others.some((channel) => channel.carries(session));
  return new WebhookChannel({ url, secret, timeoutMs: timeout * 1_000, carries });
}

function isWebhookSecret(text: string): boolean {
  const base64 = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/.exec(text)?.[1];
  if (base64 === undefined) return false;
  const { byteLength } = Buffer.from(base64, 'base64');
  return byteLength >= SECRET_BYTES.min && byteLength <= SECRET_BYTES.max;
}
