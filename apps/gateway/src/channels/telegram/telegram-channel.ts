import type { Logger } from '@hermes/service-kit';
import type { Api } from 'grammy';
import { LRUCache } from 'lru-cache';
import type { Delivery } from '../../journal/delivery-store.ts';
import { type Channel, type ChannelEvents, DeliveryError, type FollowedTurn, type Receive } from '../channel.ts';
import { ChannelHealth } from '../channel-health.ts';
import { telegramApi } from './api.ts';
import { isGone, isRefused, movedTo, telegramDeliveryError } from './errors.ts';
import { piecesOf } from './event-text.ts';
import type { Piece } from './format-text.ts';
import { isUnmodified, LIVE_TIMES, LiveReplies, type LiveTimes } from './live-replies.ts';
import { isTelegramSession, type Place, placeOf, sessionOf, target } from './place.ts';
import { TelegramPoll, type TelegramTimes } from './poll.ts';
import type { GroupMessages } from './read-message.ts';

export interface TelegramOptions {
  readonly token: string;
  /** The variable that contains the token, for messages. */
  readonly tokenEnv: string;
  readonly apiRoot: string;
  /** The only chats that the bot serves; all chats if not set. */
  readonly allowedChats?: readonly number[] | undefined;
  readonly log: Logger;
  /** Default: those that address the bot. */
  readonly groups?: GroupMessages | undefined;
  /** Whether replies are shown as they grow. Default: yes. */
  readonly streams?: boolean | undefined;
  readonly times?: Partial<TelegramTimes> | undefined;
  readonly liveTimes?: Partial<LiveTimes> | undefined;
}

/** Maximum length of one message, in UTF-16 units. */
const MAX_TEXT = 4_096;

/** Maximum number of partly sent deliveries; a forgotten one is sent from its beginning. */
const MAX_PARTLY_SENT = 1_000;

/** Maximum number of groups that have become other chats; a forgotten one is found again at the next message. */
const MAX_MOVED = 1_000;

const NO_EVENTS: ChannelEvents = {
  edited: async () => undefined,
  isStored: async () => false,
  moved: async () => undefined,
};

/** Telegram chats and their topics, one session each: see {@link sessionOf}. */
export class TelegramChannel implements Channel {
  readonly name = 'telegram';
  readonly health = new ChannelHealth('connecting');
  readonly receives = true;
  readonly #api: Api;
  readonly #options: TelegramOptions;
  readonly #log: Logger;
  readonly #poll: TelegramPoll;
  readonly #live: LiveReplies;
  /** Number of sent pieces per delivery. */
  readonly #sent = new LRUCache<number, number>({ max: MAX_PARTLY_SENT });
  /** The chats that groups have become. */
  readonly #moved = new LRUCache<number, number>({ max: MAX_MOVED });
  #events = NO_EVENTS;
  #isReceiving = false;

  constructor(options: TelegramOptions) {
    const { token, tokenEnv, apiRoot, groups = 'addressed', times = {} } = options;
    this.#options = options;
    const log = options.log.child({ channel: this.name });
    this.#log = log;
    // The signal of the caller bounds each send.
    this.#api = telegramApi(token, apiRoot);
    this.#live = new LiveReplies(this.#api, {
      log,
      times: { ...LIVE_TIMES, ...options.liveTimes },
      streams: options.streams ?? true,
    });
    const isAllowed = (chat: number) => this.#isAllowed(chat);
    const onMoved = (from: number, to: number) => this.#move(from, to);
    const poll = { token, tokenEnv, apiRoot, log, health: this.health, times, groups, isAllowed, onMoved };
    this.#poll = new TelegramPoll(poll);
  }

  carries(session: string): boolean {
    return isTelegramSession(session);
  }

  async deliver(delivery: Delivery, signal: AbortSignal): Promise<void> {
    const place = this.#placeOf(delivery.session);
    const turn = turnOf(delivery.event);
    const shown = turn === undefined ? undefined : await this.#live.messageOf(turn);
    const pieces = piecesOf(delivery.event, MAX_TEXT);
    const sent = this.#sent.get(delivery.seq) ?? 0;
    for (const [index, piece] of pieces.entries()) {
      if (index < sent) continue;
      await this.#send(place, piece, index === 0 ? shown : undefined, signal);
      // When the next piece fails, the retry does not repeat this one.
      this.#sent.set(delivery.seq, index + 1);
    }
    this.#sent.delete(delivery.seq);
    if (turn !== undefined) this.#live.forget(turn);
  }

  start(receive: Receive, events: ChannelEvents = NO_EVENTS): void {
    this.#events = events;
    this.#isReceiving = true;
    this.#poll.start({ receive, ...events });
  }

  /** On the gateway that serves the channel: others do not know the message that shows the reply. */
  follow(turn: FollowedTurn): void {
    const place = placeOf(turn.session);
    if (this.#isReceiving && place && this.#isAllowed(place.chat)) this.#live.follow(turn, this.#whereNow(place));
  }

  stop(signal: AbortSignal): Promise<void> {
    this.#isReceiving = false;
    this.#live.stop();
    return this.#poll.stop(signal);
  }

  async #send(place: Place, piece: Piece, shown: number | undefined, signal: AbortSignal): Promise<void> {
    try {
      await this.#put(this.#whereNow(place), piece, shown, signal);
    } catch (error) {
      const to = movedTo(error);
      if (to === undefined) throw telegramDeliveryError(error);
      await this.#moveNow(place.chat, to);
      await this.#put(this.#whereNow(place), piece, undefined, signal).catch((again) => {
        throw telegramDeliveryError(again);
      });
    }
  }

  /** Plain text when the server refuses the markup, and a new message when it refuses the edit of the shown one. */
  async #put(place: Place, { text, html }: Piece, shown: number | undefined, signal: AbortSignal): Promise<void> {
    try {
      await this.#call(place, html ?? text, html === undefined ? {} : { parse_mode: 'HTML' }, shown, signal);
    } catch (error) {
      if (isUnmodified(error)) return;
      if (!isRefused(error)) throw error;
      if (shown !== undefined && (html === undefined || isGone(error))) {
        return this.#put(place, { text, html }, undefined, signal);
      }
      if (html === undefined) throw error;
      await this.#put(place, { text, html: undefined }, shown, signal);
    }
  }

  async #call(
    place: Place,
    text: string,
    markup: { readonly parse_mode?: 'HTML' },
    shown: number | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { chat_id: chat, ...topic } = target(place);
    const options = { ...markup, link_preview_options: { is_disabled: true } };
    if (shown !== undefined) await this.#api.editMessageText(chat, shown, text, options, signal as never);
    else await this.#api.sendMessage(chat, text, { ...options, ...topic }, signal as never);
  }

  #placeOf(session: string): Place {
    const place = placeOf(session);
    if (place === undefined) {
      throw new DeliveryError(
        `${JSON.stringify(session)} is not a chat: expected telegram:CHAT or telegram:CHAT:TOPIC, both numbers`,
        { permanent: true },
      );
    }
    if (this.#isAllowed(place.chat)) return place;
    throw new DeliveryError(`chat ${place.chat} is not in telegram.allowed_chats`, { permanent: true });
  }

  /** The same place after its group has become another chat. */
  #whereNow(place: Place): Place {
    return { ...place, chat: this.#moved.get(place.chat) ?? place.chat };
  }

  /** The delivery goes to the new chat whether or not the history can be moved: Telegram reports the move again. */
  async #moveNow(from: number, to: number): Promise<void> {
    await this.#move(from, to).catch((error) => {
      this.#log.error({ err: error, from, to }, 'the history of a group could not be moved to its new chat');
    });
  }

  async #move(from: number, to: number): Promise<void> {
    if (this.#options.allowedChats?.includes(to) === false && this.#moved.get(from) !== to) {
      this.#log.warn({ from, to }, `a group has become another chat: add ${to} to telegram.allowed_chats`);
    }
    this.#moved.set(from, to);
    await this.#events.moved(sessionOf({ chat: from }), sessionOf({ chat: to }));
  }

  /** A chat that was an allowed group is allowed, too. */
  #isAllowed(chat: number): boolean {
    const { allowedChats: allowed } = this.#options;
    if (allowed === undefined || allowed.includes(chat)) return true;
    return allowed.some((each) => this.#moved.get(each) === chat);
  }
}

function turnOf({ type, turn_id: id }: Delivery['event']): string | undefined {
  return type === 'turn' && typeof id === 'string' ? id : undefined;
}
