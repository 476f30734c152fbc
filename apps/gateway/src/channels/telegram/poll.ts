import { type Backoff, backoffMs, type Logger } from '@hermes/service-kit';
import type { Api } from 'grammy';
import type { Update } from 'grammy/types';
import type { ChannelHealth } from '../channel-health.ts';
import { pause, settledOrAborted } from '../until-aborted.ts';
import { telegramApi } from './api.ts';
import { isSecondReceiver, isWrongToken, telegramReason, telegramWaitMs } from './errors.ts';

/** Times of receiving. */
export interface TelegramTimes extends Backoff {
  /** Seconds that the server waits for a new message. */
  readonly pollSeconds: number;
  /** Additional seconds for the network. */
  readonly slackSeconds: number;
}

const TIMES: TelegramTimes = { pollSeconds: 30, slackSeconds: 15, firstRetryMs: 1_000, lastRetryMs: 60_000 };

export interface TelegramPollOptions {
  readonly token: string;
  readonly tokenEnv: string;
  readonly apiRoot: string;
  readonly log: Logger;
  readonly health: ChannelHealth;
  readonly times: Partial<TelegramTimes>;
  readonly isAllowed: (chat: number) => boolean;
}

/** Accepts a text message that the bot got. Resolves when the channel may drop it. */
export type TakeText = (chat: number, id: number, text: string, bot: string | undefined) => Promise<void>;

const SECOND_RECEIVER =
  'another program receives the messages of this bot: stop it, or give it a bot of its own (409 Conflict)';

const TEXT_ONLY = 'I can read text only. Please send your message as text.';

/**
 * Receives by long polling. A request for later updates makes the server drop the earlier ones, so the offset advances
 * after each accepted update, never before: after a crash the server repeats the rest. (The library's own bot advances
 * before its handlers have ended, and when it is stopped.)
 */
export class TelegramPoll {
  readonly #options: TelegramPollOptions;
  readonly #times: TelegramTimes;
  readonly #api: Api;
  #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  /** The first update that is not accepted yet. */
  #offset = 0;
  /** The offset that the server has confirmed. */
  #confirmed = 0;
  #failures = 0;
  /** Its user name. */
  #bot: string | undefined;
  #loggedWrongToken = false;

  constructor(options: TelegramPollOptions) {
    this.#options = options;
    this.#times = { ...TIMES, ...options.times };
    const timeoutSeconds = this.#times.pollSeconds + this.#times.slackSeconds;
    this.#api = telegramApi(options.token, options.apiRoot, timeoutSeconds);
  }

  /** Starts, also after {@link stop}. */
  start(take: TakeText): void {
    this.#stopping = new AbortController();
    this.#options.health.become('connecting');
    this.#running = this.#run(take);
  }

  async stop(bound: AbortSignal): Promise<void> {
    this.#stopping.abort();
    await settledOrAborted(this.#running, bound);
    if (this.#offset === this.#confirmed || bound.aborted) return;
    // Confirm the accepted updates, or they arrive once more after the restart.
    await settledOrAborted(this.#updates(0, 1, bound), bound);
  }

  async #run(take: TakeText): Promise<void> {
    let greeted = false;
    while (!this.#stopping.signal.aborted) {
      try {
        if (!greeted) await this.#greet();
        greeted = true;
        this.#options.health.become('connected');
        for (const update of await this.#updates(this.#times.pollSeconds, 100, this.#stopping.signal)) {
          if (this.#stopping.signal.aborted) return;
          await this.#take(update, take);
          this.#offset = update.update_id + 1;
        }
        this.#failures = 0;
        this.#options.health.become('connected');
      } catch (error) {
        await this.#recover(error);
      }
    }
  }

  async #greet(): Promise<void> {
    const { username } = await this.#api.getMe(this.#stopping.signal as never);
    this.#bot = username;
    this.#options.log.info({ bot: username }, 'the bot accepts messages');
  }

  async #updates(timeout: number, limit: number, signal: AbortSignal): Promise<Update[]> {
    const offset = this.#offset;
    const query = { offset, timeout, limit, allowed_updates: ['message'] as const };
    const updates = await this.#api.getUpdates(query, signal as never);
    this.#confirmed = offset;
    return updates;
  }

  async #take({ message }: Update, take: TakeText): Promise<void> {
    if (message === undefined || !this.#options.isAllowed(message.chat.id)) return;
    if (message.text === undefined) return this.#answerTextOnly(message.chat.id);
    await take(message.chat.id, message.message_id, message.text, this.#bot);
  }

  /** Best effort: not awaited and not retried. */
  #answerTextOnly(chat: number): void {
    this.#api.sendMessage(chat, TEXT_ONLY, {}, this.#stopping.signal as never).catch((error) => {
      this.#options.log.warn({ chat, reason: telegramReason(error) }, 'the text-only reply could not be sent');
    });
  }

  /** Logs the error, and waits. */
  async #recover(error: unknown): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    const backoff = backoffMs(this.#failures, this.#times);
    this.#failures += 1;
    this.#say(error);
    await pause(Math.max(telegramWaitMs(error) ?? 0, backoff), this.#stopping.signal);
  }

  #say(error: unknown): void {
    const { health, log, tokenEnv } = this.#options;
    const reason = telegramReason(error);
    if (!isWrongToken(error)) {
      health.become('failing', isSecondReceiver(error) ? SECOND_RECEIVER : reason);
      log.warn({ reason }, 'messages cannot be received; retrying');
      return;
    }
    const cure = `the bot token in ${tokenEnv} is rejected by the server: set it to the token that @BotFather shows, and restart the gateway`;
    health.become('rejected', cure);
    if (!this.#loggedWrongToken) log.error({ reason }, cure);
    this.#loggedWrongToken = true;
  }
}
