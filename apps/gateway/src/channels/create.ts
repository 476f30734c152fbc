import type { Logger } from '@hermes/service-kit';
import type { Channel } from './channel.ts';
import type { TelegramConfig } from './telegram/config.ts';
import { createTelegram } from './telegram/create.ts';
import type { WebhookConfig } from './webhook/config.ts';
import { createWebhook } from './webhook/create.ts';

interface ChannelsConfig {
  readonly telegram?: TelegramConfig | undefined;
  readonly webhook?: WebhookConfig | undefined;
}

/**
 * The configured channels. The webhook is last: it delivers the events that no other channel delivers.
 * @throws StartupError that names the variable that is missing or wrong, and its key.
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
