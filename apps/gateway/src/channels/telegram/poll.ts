import { type Backoff, backoffMs, type Logger } from '@hermes/service-kit';
import type { Api } from 'grammy';
import type { Message, Update } from 'grammy/types';
import type { ChannelEvents, IncomingMessage, Receive } from '../channel.ts';
import type { ChannelHealth } from '../channel-health.ts';
import { pause, settledOrAborted } from '../until-aborted.ts';
import {
  albumOf,
  albumOfMessage,
  countInAlbums,
  firstKept,
  groupUpdates,
  MAX_UPDATES,
  withoutCutAlbum,
} from './albums.ts';
import { telegramApi } from './api.ts';
import { isSecondReceiver, isWrongToken, telegramReason, telegramWaitMs } from './errors.ts';
import { MessageFiles } from './message-files.ts';
import { type Part, saidParts } from './parts.ts';
import { type Place, sessionOf, target } from './place.ts';
import { type Bot, type GroupMessages, type ReadMessage, readMessage } from './read-message.ts';

/** Times of receiving. */
export interface TelegramTimes extends Backoff {
  /** Seconds that the server waits for a new message. */
  readonly pollSeconds: number;
  /** Additional seconds for the network. */
  readonly slackSeconds: number;
  /** Ms without another part after which an album is whole. */
  readonly albumMs: number;
}

const TIMES: TelegramTimes = {
  pollSeconds: 30,
  slackSeconds: 15,
  albumMs: 700,
  firstRetryMs: 1_000,
  lastRetryMs: 60_000,
};

export interface TelegramPollOptions {
  readonly token: string;
  readonly tokenEnv: string;
  readonly apiRoot: string;
  readonly log: Logger;
  readonly health: ChannelHealth;
  readonly times: Partial<TelegramTimes>;
  readonly groups: GroupMessages;
  readonly isAllowed: (chat: number) => boolean;
  /** A group has become another chat. Rejects when this must be reported again. */
  readonly onMoved: (from: number, to: number) => Promise<void>;
}

/** What accepts messages. Each resolves when the channel may drop the message. */
export interface Takers extends Pick<ChannelEvents, 'edited' | 'isStored'> {
  readonly receive: Receive;
}

/** Receiving from one start to the next stop, after which it takes nothing more. */
interface Run extends Takers {
  readonly stopping: AbortSignal;
}

const SECOND_RECEIVER =
  'another program receives the messages of this bot: stop it, or give it a bot of its own (409 Conflict)';

const UNREADABLE = 'I can read text, photos and documents only. Please send your message as one of these.';

/** The most parts of an album. */
const MAX_ALBUM = 10;

const ALLOWED_UPDATES = ['message', 'edited_message'] as const;

/**
 * Receives by long polling. A request for later updates makes the server drop the earlier ones, so the offset advances
 * after each accepted update, never before: after a crash the server repeats the rest. (The library's own bot advances
 * before its handlers have ended, and when it is stopped.)
 */
export class TelegramPoll {
  readonly #options: TelegramPollOptions;
  readonly #times: TelegramTimes;
  readonly #api: Api;
  readonly #files: MessageFiles;
  #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  /** The first update that is not accepted yet. */
  #offset = 0;
  /** The offset that the server has confirmed. */
  #confirmed = 0;
  #failures = 0;
  #bot: Bot = { id: 0 };
  #loggedWrongToken = false;

  constructor(options: TelegramPollOptions) {
    this.#options = options;
    this.#times = { ...TIMES, ...options.times };
    const timeoutSeconds = this.#times.pollSeconds + this.#times.slackSeconds;
    this.#api = telegramApi(options.token, options.apiRoot, timeoutSeconds);
    this.#files = new MessageFiles({ ...options, api: this.#api, answer: (...answer) => this.#answer(...answer) });
  }

  /** Starts, also after {@link stop}: when what was taken before is over. */
  start(takers: Takers): void {
    const stopping = new AbortController();
    this.#stopping = stopping;
    this.#options.health.become('connecting');
    this.#running = this.#running.then(() => this.#run({ ...takers, stopping: stopping.signal }));
  }

  async stop(bound: AbortSignal): Promise<void> {
    this.#stopping.abort();
    await settledOrAborted(this.#running, bound);
    if (this.#offset === this.#confirmed || bound.aborted) return;
    // Confirm the accepted updates, or they arrive once more after the restart.
    await settledOrAborted(this.#updates(0, 1, bound), bound);
  }

  async #run(run: Run): Promise<void> {
    const { stopping } = run;
    let greeted = false;
    while (!stopping.aborted) {
      try {
        if (!greeted) await this.#greet(stopping);
        greeted = true;
        this.#options.health.become('connected');
        const updates = await this.#updates(this.#times.pollSeconds, MAX_UPDATES, stopping);
        await this.#takeAll(await this.#withWholeAlbums(updates, stopping), run);
        this.#failures = 0;
        this.#options.health.become('connected');
      } catch (error) {
        await this.#recover(error, stopping);
      }
    }
  }

  async #greet(stopping: AbortSignal): Promise<void> {
    this.#bot = await this.#api.getMe(stopping as never);
    this.#options.log.info({ bot: this.#bot.username }, 'the bot accepts messages');
  }

  async #updates(timeout: number, limit: number, signal: AbortSignal): Promise<Update[]> {
    const offset = this.#offset;
    const query = { offset, timeout, limit, allowed_updates: ALLOWED_UPDATES };
    const updates = await this.#api.getUpdates(query, signal as never);
    this.#confirmed = offset;
    return updates;
  }

  /**
   * Waits until no part of an album is missing: they come as updates of their own, some a little later. Nothing is
   * confirmed meanwhile.
   */
  async #withWholeAlbums(updates: readonly Update[], stopping: AbortSignal): Promise<readonly Update[]> {
    let known = updates;
    for (let looks = 0; looks < MAX_ALBUM && countInAlbums(known) > 0; looks += 1) {
      await pause(this.#times.albumMs, stopping);
      if (stopping.aborted) return [];
      const more = await this.#updates(0, MAX_UPDATES, stopping);
      if (countInAlbums(more) <= countInAlbums(known)) break;
      known = more;
    }
    return withoutCutAlbum(known);
  }

  /** The offset advances past a group when all before it are taken, too. */
  async #takeAll(updates: readonly Update[], run: Run): Promise<void> {
    const groups = groupUpdates(updates);
    const open = new Set(groups);
    for (const group of groups) {
      if (run.stopping.aborted) return;
      await this.#take(group, run);
      open.delete(group);
      this.#offset = Math.max(this.#offset, firstKept(groups, open));
    }
  }

  async #take(group: readonly Update[], run: Run): Promise<void> {
    const [begin] = group;
    if (begin === undefined) return;
    const { edited_message: edited, update_id: update } = begin;
    if (edited) return this.#takeEdited(edited, update, run);
    const messages = group.flatMap(({ message }) => message ?? []);
    const [first] = messages;
    if (first === undefined || !this.#options.isAllowed(first.chat.id)) return;
    const album = albumOf(begin);
    const read = await this.#read(messages, album, run);
    for (const each of read) if (each.kind === 'moved') await this.#options.onMoved(each.from, each.to);
    const parts = saidParts(messages, read);
    const unreadable = read.find(({ kind }) => kind === 'unreadable');
    if (parts.length === 0 && unreadable?.kind === 'unreadable') this.#answer(unreadable.place, UNREADABLE);
    const incoming = await this.#incoming(parts, album, update, run.stopping);
    if (incoming) await run.receive(incoming);
  }

  /** An album is for the bot if one of its parts is, whichever part comes first, and if it was before. */
  async #read(messages: readonly Message[], album: string | undefined, { isStored }: Run): Promise<ReadMessage[]> {
    const read = (groups: GroupMessages) => messages.map((message) => readMessage(message, this.#bot, groups));
    const alone = read(this.#options.groups);
    if (album === undefined) return alone;
    const all = read('all');
    if (alone.some(({ kind }) => kind === 'said')) return all;
    const [part] = saidParts(messages, all);
    return part && (await isStored(sessionOf(part.place), album)) ? all : alone;
  }

  /** Of a message that was for the bot: the others are none of its business. */
  async #takeEdited(message: Message, update: number, { edited, isStored, stopping }: Run): Promise<void> {
    if (!this.#options.isAllowed(message.chat.id)) return;
    const parts = saidParts([message], [readMessage(message, this.#bot, 'all')]);
    const [part] = parts;
    if (part === undefined) return;
    const album = albumOfMessage(message);
    if (!(await isStored(sessionOf(part.place), album ?? idOf(part)))) return;
    const incoming = await this.#incoming(parts, album, update, stopping);
    const refused = incoming && (await edited(incoming));
    if (refused !== undefined) this.#answer(part.place, refused);
  }

  /** What is said, with its files; `undefined` if that is nothing, or if they cannot be had, which its sender learns. */
  async #incoming(
    parts: readonly Part[],
    album: string | undefined,
    update: number,
    stopping: AbortSignal,
  ): Promise<IncomingMessage | undefined> {
    const [first] = parts;
    if (first === undefined) return undefined;
    const { place, text } = first;
    const files = await this.#files.of(parts, update, stopping);
    if (files === undefined) return undefined;
    const message = { session: sessionOf(place), bot: this.#bot.username };
    if (album === undefined) return { ...message, messageId: idOf(first), text, attachments: files[0] };
    const said = parts.map((part, index) => ({ id: idOf(part), text: part.text, attachments: files[index] ?? [] }));
    return { ...message, messageId: album, text: '', album: said };
  }

  /** Best effort: not awaited and not retried. */
  #answer(place: Place, text: string): void {
    const { chat_id: chat, ...topic } = target(place);
    this.#api.sendMessage(chat, text, topic, this.#stopping.signal as never).catch((error) => {
      this.#options.log.warn({ chat, reason: telegramReason(error) }, 'an answer about a message could not be sent');
    });
  }

  /** Logs the error, and waits. */
  async #recover(error: unknown, stopping: AbortSignal): Promise<void> {
    if (stopping.aborted) return;
    const backoff = backoffMs(this.#failures, this.#times);
    this.#failures += 1;
    this.#report(error);
    await pause(Math.max(telegramWaitMs(error) ?? 0, backoff), stopping);
  }

  #report(error: unknown): void {
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

/** Unique in all chats. */
function idOf({ id, place }: Part): string {
  return `${place.chat}:${id}`;
}
