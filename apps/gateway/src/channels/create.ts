import { type Logger, readSecretVariable, StartupError } from '@hermes/service-kit';
import type { Channel } from './channel.ts';
import type { TelegramConfig, WebhookConfig } from './config.ts';
import { WebhookChannel } from './webhook.ts';

interface ChannelsConfig {
  readonly telegram?: TelegramConfig | undefined;
  readonly webhook?: WebhookConfig | undefined;
}

/** The bot's number, and what @BotFather gave it. It becomes part of a URL. */
const BOT_TOKEN = /^\d+:[\w-]+$/;

/** Standard Webhooks asks for 24 to 64 random bytes. */
const SECRET_BYTES = { min: 24, max: 64 } as const;

/**
 * The channels that the configuration names. The webhook comes last: it carries what no other does.
 * @throws StartupError that names the variable that is missing or wrong, and the key that names it.
 */
export async function createChannels(
  config: ChannelsConfig,
  environment: NodeJS.ProcessEnv,
  log: Logger,
): Promise<Channel[]> {
  const channels: Channel[] = [];
  if (config.telegram) channels.push(await createTelegram(config.telegram, environment, log));
  if (config.webhook) channels.push(createWebhook(config.webhook, environment, [...channels]));
  return channels;
}

async function createTelegram(config: TelegramConfig, environment: NodeJS.ProcessEnv, log: Logger): Promise<Channel> {
  const { token_env: tokenEnv, allowed_chats: allowedChats } = config;
  const apiRoot = config.api_root.replace(/\/+$/, '');
  const token = requireVariable(environment, tokenEnv, 'telegram.token_env');
  if (!BOT_TOKEN.test(token)) {
    throw new StartupError(
      `${tokenEnv} (telegram.token_env): expected a bot token like 123456:ABC-DEF, as @BotFather shows it`,
    );
  }
  // Its library takes longer to load than everything else together; most gateways have no use for it.
  const { TelegramChannel } = await import('./telegram.ts');
  return new TelegramChannel({ token, tokenEnv, apiRoot, allowedChats, log });
}

function createWebhook(config: WebhookConfig, environment: NodeJS.ProcessEnv, others: readonly Channel[]): Channel {
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

function requireVariable(environment: NodeJS.ProcessEnv, variable: string, key: string): string {
  const value = readSecretVariable(environment, variable)?.trim() ?? '';
  if (value === '')
    throw new StartupError(`${variable}, which ${key} names, is not set; set it, or remove the section`);
  return value;
}

function isWebhookSecret(text: string): boolean {
  const base64 = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/.exec(text)?.[1];
  if (base64 === undefined) return false;
  const { byteLength } = Buffer.from(base64, 'base64');
  return byteLength >= SECRET_BYTES.min && byteLength <= SECRET_BYTES.max;
}
