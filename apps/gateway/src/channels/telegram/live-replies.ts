import type { Logger } from '@hermes/service-kit';
import { type Api, GrammyError } from 'grammy';
import { LRUCache } from 'lru-cache';
import type { FollowedTurn } from '../channel.ts';
import { pause } from '../until-aborted.ts';
import { telegramReason, telegramWaitMs } from './errors.ts';
import { type Place, target } from './place.ts';

/** Times of what a chat sees of a running turn, in ms. */
export interface LiveTimes {
  /** Between two signs that the bot is typing; Telegram shows one for 5 s. */
  readonly typingMs: number;
  /** From the start of a turn until the first part of its reply is shown: a quick turn is answered once. */
  readonly firstMs: number;
  /** Between two edits; Telegram allows 20 messages a minute in a group. */
  readonly editMs: number;
}

export const LIVE_TIMES: LiveTimes = { typingMs: 4_500, firstMs: 2_000, editMs: 4_000 };

/** Turns whose message is remembered until their reply is delivered; a forgotten one gets another message. */
const MAX_SHOWN = 1_000;

/** The longest part of a reply that is shown before its end, in UTF-16 units. */
const MAX_SHOWN_TEXT = 4_000;

/** Of one running turn. */
interface Shown {
  message: number | undefined;
  readonly stop: AbortController;
  /** Resolves when no call about it is in progress or will be. */
  done: Promise<unknown>;
}

/** Shows in their chats that turns run, and their replies as they grow, by editing one message. Best effort. */
export class LiveReplies {
  readonly #api: Api;
  readonly #log: Logger;
  readonly #times: LiveTimes;
  readonly #streams: boolean;
  readonly #shown = new LRUCache<string, Shown>({ max: MAX_SHOWN, dispose: ({ stop }) => stop.abort() });

  constructor(api: Api, options: { log: Logger; times: LiveTimes; streams: boolean }) {
    this.#api = api;
    this.#log = options.log;
    this.#times = options.times;
    this.#streams = options.streams;
  }

  follow(turn: FollowedTurn, place: Place): void {
    const stop = new AbortController();
    const shown: Shown = { message: undefined, stop, done: Promise.resolve() };
    this.#shown.set(turn.id, shown);
    void turn.whenOver.then(() => stop.abort());
    const bestEffort = (work: Promise<void>) =>
      work.catch((error) => {
        this.#log.debug({ turn_id: turn.id, reason: telegramReason(error) }, 'a running turn is not shown any more');
      });
    // Each by itself: the end of the turn breaks the typing off, but not a message on its way.
    const typing = bestEffort(this.#type(place, stop.signal));
    shown.done = Promise.all([typing, this.#streams && bestEffort(this.#show(turn, place, shown))]);
  }

  /** The message that shows the reply of a turn that is over; from now on only the caller edits it. */
  async messageOf(turn: string): Promise<number | undefined> {
    const shown = this.#shown.get(turn);
    shown?.stop.abort();
    await shown?.done;
    return shown?.message;
  }

  /** The reply is delivered. */
  forget(turn: string): void {
    this.#shown.delete(turn);
  }

  /** Shows no turn any more. */
  stop(): void {
    for (const { stop } of this.#shown.values()) stop.abort();
  }

  async #type(place: Place, over: AbortSignal): Promise<void> {
    const { chat_id: chat, ...topic } = target(place);
    while (!over.aborted) {
      await this.#api.sendChatAction(chat, 'typing', topic, over as never);
      await pause(this.#times.typingMs, over);
    }
  }

  async #show(turn: FollowedTurn, place: Place, shown: Shown): Promise<void> {
    const { signal } = shown.stop;
    let text = '';
    const reading = (async () => {
      for await (const piece of turn.chunks(signal)) if (text.length < MAX_SHOWN_TEXT) text += piece;
    })();
    await pause(this.#times.firstMs, signal);
    for (let last = ''; !signal.aborted; ) {
      const part = text.slice(0, MAX_SHOWN_TEXT).trim();
      if (part !== last) await this.#put(place, shown, `${part.toWellFormed()} …`);
      last = part;
      await pause(this.#times.editMs, signal);
    }
    await reading;
  }

  /** Not broken off by the end of the turn: a message that was sent must be known. */
  async #put(place: Place, shown: Shown, text: string): Promise<void> {
    const { chat_id: chat, ...topic } = target(place);
    const options = { link_preview_options: { is_disabled: true } };
    const bound = AbortSignal.timeout(10_000) as never;
    try {
      if (shown.message !== undefined) await this.#api.editMessageText(chat, shown.message, text, options, bound);
      else shown.message = (await this.#api.sendMessage(chat, text, { ...options, ...topic }, bound)).message_id;
    } catch (error) {
      const wait = telegramWaitMs(error);
      if (wait !== undefined) return pause(wait, shown.stop.signal);
      if (!isUnmodified(error)) throw error;
    }
  }
}

/** The message has this text already. */
export function isUnmodified(error: unknown): boolean {
  return error instanceof GrammyError && error.description.includes('message is not modified');
}
