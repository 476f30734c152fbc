import type { Logger } from '@hermes/service-kit';
import type { Api } from 'grammy';
import { LRUCache } from 'lru-cache';
import type { Delivery } from '../../journal/delivery-store.ts';
import { type Channel, DeliveryError, type Receive } from '../channel.ts';
import { ChannelHealth } from '../channel-health.ts';
import { telegramApi } from './api.ts';
import { telegramDeliveryError } from './errors.ts';
import { textOf } from './event-text.ts';
import { TelegramPoll, type TelegramTimes } from './poll.ts';
import { splitText } from './split-text.ts';

export interface TelegramOptions {
  readonly token: string;
  /** The variable that contains the token, for messages. */
  readonly tokenEnv: string;
  readonly apiRoot: string;
  /** The only chats that the bot serves; all chats if not set. */
  readonly allowedChats?: readonly number[] | undefined;
  readonly log: Logger;
  readonly times?: Partial<TelegramTimes> | undefined;
}

const SESSION_PREFIX = 'telegram:';

/** Maximum length of one message, in UTF-16 units. */
const MAX_TEXT = 4_096;

/** Maximum number of partly sent deliveries; a forgotten one is sent from its beginning. */
const MAX_PARTLY_SENT = 1_000;

/** Telegram chats, one session each: `telegram:` and the number of the chat. */
export class TelegramChannel implements Channel {
  readonly name = 'telegram';
  readonly health = new ChannelHealth('connecting');
  readonly receives = true;
  readonly #api: Api;
  readonly #options: TelegramOptions;
  readonly #poll: TelegramPoll;
  /** Number of sent pieces per delivery. */
  readonly #sent = new LRUCache<number, number>({ max: MAX_PARTLY_SENT });

  constructor(options: TelegramOptions) {
    const { token, tokenEnv, apiRoot, times = {} } = options;
    this.#options = options;
    const log = options.log.child({ channel: this.name });
    // The signal of the caller bounds each send.
    this.#api = telegramApi(token, apiRoot);
    const isAllowed = (chat: number) => this.#isAllowed(chat);
    this.#poll = new TelegramPoll({ token, tokenEnv, apiRoot, log, health: this.health, times, isAllowed });
  }

  carries(session: string): boolean {
    return session.startsWith(SESSION_PREFIX);
  }

  async deliver(delivery: Delivery, signal: AbortSignal): Promise<void> {
    const chat = this.#chatOf(delivery.session);
    const pieces = splitText(textOf(delivery.event), MAX_TEXT);
    for (const piece of pieces.slice(this.#sent.get(delivery.seq) ?? 0)) {
      await this.#send(chat, piece, signal);
      // When the next piece fails, the retry does not repeat this one.
      this.#sent.set(delivery.seq, (this.#sent.get(delivery.seq) ?? 0) + 1);
    }
    this.#sent.delete(delivery.seq);
  }

  start(receive: Receive): void {
    this.#poll.start((chat, id, text, bot) =>
      receive({ session: `${SESSION_PREFIX}${chat}`, text, messageId: `${chat}:${id}`, bot }),
    );
  }

  stop(signal: AbortSignal): Promise<void> {
    return this.#poll.stop(signal);
  }

  /** Plain text: without a parse mode, no text of users or agents is interpreted as markup. */
  async #send(chat: number, text: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#api.sendMessage(chat, text, { link_preview_options: { is_disabled: true } }, signal as never);
    } catch (error) {
      throw telegramDeliveryError(error);
    }
  }

  #chatOf(session: string): number {
    const digits = session.slice(SESSION_PREFIX.length);
    const chat = Number(digits);
    if (!/^-?\d+$/.test(digits) || !Number.isSafeInteger(chat)) {
      throw new DeliveryError(`${JSON.stringify(session)} is not a chat: expected telegram:NUMBER`, {
        permanent: true,
      });
    }
    if (this.#isAllowed(chat)) return chat;
    throw new DeliveryError(`chat ${chat} is not in telegram.allowed_chats`, { permanent: true });
  }

  #isAllowed(chat: number): boolean {
    return this.#options.allowedChats?.includes(chat) ?? true;
  }
}
