import { type Logger, StartupError } from '@hermes/service-kit';
import { requireVariable } from '../../environment/require-variable.ts';
import type { Channel } from '../channel.ts';
import type { TelegramConfig } from './config.ts';

/** The number of the bot and its secret from @BotFather. It becomes part of a URL. */
const BOT_TOKEN = /^\d+:[\w-]+$/;

/** @throws StartupError that names the missing or wrong token variable, and its key. */
export async function createTelegram(
  config: TelegramConfig,
  environment: NodeJS.ProcessEnv,
  log: Logger,
): Promise<Channel> {
  const { token_env: tokenEnv, allowed_chats: allowedChats, group_messages: groups, stream: streams } = config;
  const apiRoot = config.api_root.replace(/\/+$/, '');
  const token = requireVariable(environment, tokenEnv, 'telegram.token_env');
  if (!BOT_TOKEN.test(token)) {
    throw new StartupError(
      `${tokenEnv} (telegram.token_env): expected a bot token like 123456:ABC-DEF, as @BotFather shows it`,
    );
  }
  // Loaded on demand: its library takes longer to load than everything else together, and most gateways do not use it.
  const { TelegramChannel } = await import('./telegram-channel.ts');
  return new TelegramChannel({ token, tokenEnv, apiRoot, allowedChats, groups, streams, log });
}
