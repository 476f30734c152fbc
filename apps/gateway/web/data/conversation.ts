import type { EventSourceMessage } from 'eventsource-parser';
import * as model from '../model/timeline.ts';
import type { Picture, TurnView } from '../model/wire.ts';
import { type Api, ApiError } from './api.ts';
import { Outbox } from './outbox.ts';
import { pause } from './pause.ts';
import { Store } from './store.ts';
import { TurnFollower } from './turn-follower.ts';

export type Link = 'connecting' | 'live' | 'lost';

export interface ConversationParts {
  readonly api: Pick<Api, 'send' | 'history' | 'events' | 'turn' | 'stop'>;
  readonly session: string;
  /** Makes the id of a message. */
  newId(): string;
  onUnauthorized(): void;
  /** The gateway has told something that its status may say more about. */
  onNotice(): void;
}

/** One session: its timeline, kept up to date while it is followed, and the messages on their way to it. */
export class Conversation {
  readonly session: string;
  readonly timeline = new Store<model.Timeline>(model.EMPTY);
  readonly link = new Store<Link>('connecting');
  /** Why the last action of the person failed. */
  readonly complaint = new Store<string | null>(null);
  readonly #parts: ConversationParts;
  readonly #end = new AbortController();
  readonly #outbox: Outbox;
  readonly #follower: TurnFollower;
  #following: AbortController | undefined;
  #lastEventId: string | undefined;

  constructor(parts: ConversationParts) {
    this.#parts = parts;
    this.session = parts.session;
    const { api, session } = parts;
    const { timeline } = this;
    const onUnauthorized = () => parts.onUnauthorized();
    this.#outbox = new Outbox({
      api,
      session,
      timeline,
      signal: this.#end.signal,
      onUnauthorized,
      onStored: () => this.#followTurn(),
    });
    this.#follower = new TurnFollower({ api, timeline, onUnauthorized, onLost: () => this.#refresh() });
    timeline.subscribe(() => this.#followTurn());
  }

  /** Whether messages are on their way. */
  get isSending(): boolean {
    return model.nextToSend(this.timeline.read()) !== undefined;
  }

  /** Follows the session until {@link pause}. Messages on their way are sent in any case. */
  resume(): void {
    if (this.#following || this.#end.signal.aborted) return;
    const following = new AbortController();
    this.#following = following;
    void this.#follow(following.signal);
    this.#followTurn();
  }

  pause(): void {
    this.#following?.abort();
    this.#following = undefined;
    this.#follower.follow(null);
  }

  close(): void {
    this.pause();
    this.#end.abort();
  }

  send(text: string, pictures: readonly Picture[]): void {
    const message = { messageId: this.#parts.newId(), text, pictures, at: new Date().toISOString() };
    this.timeline.set(model.written(this.timeline.read(), message));
    void this.#outbox.send();
  }

  sendAgain(key: string): void {
    this.timeline.set(model.sending(this.timeline.read(), key));
    void this.#outbox.send();
  }

  withdraw(key: string): void {
    this.timeline.set(model.withdrawn(this.timeline.read(), key));
  }

  async stop(turnId: string): Promise<void> {
    await this.#attempt(async () => this.#tell(await this.#parts.api.stop(turnId)));
  }

  async loadOlder(): Promise<void> {
    const { before } = this.timeline.read();
    if (before === null || before === undefined) return;
    await this.#attempt(async () => {
      const page = await this.#parts.api.history(this.session, before);
      this.timeline.set(model.withPage(this.timeline.read(), page, true));
    });
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    this.complaint.set(null);
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.failure.kind === 'unauthorized') return this.#parts.onUnauthorized();
      this.complaint.set(error.failure.text);
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        const last = await this.#load();
        this.#lastEventId ??= last;
        const events = await this.#parts.api.events(this.session, this.#lastEventId, signal);
        if (signal.aborted) return;
        this.link.set('live');
        failures = 0;
        for await (const event of events) await this.#take(event);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof ApiError && error.failure.kind === 'unauthorized') return this.#parts.onUnauthorized();
      }
      if (signal.aborted) return;
      this.link.set('lost');
      await pause(failures, signal);
    }
  }

  /** Rejects if the history is needed and cannot be read: the event then comes again, with the next connection. */
  async #take({ id, event, data }: EventSourceMessage): Promise<void> {
    if (event === 'reset') {
      this.timeline.set(model.forgotten(this.timeline.read()));
      await this.#load();
    } else if (event === 'turn') {
      const view = JSON.parse(data) as TurnView;
      if (model.knows(this.timeline.read(), view.turn_id)) this.#tell(view);
      else await this.#load();
    } else if (event === 'notice') {
      const { notice, text } = JSON.parse(data) as { readonly notice: string; readonly text: string };
      // That a drain began is told by the page itself, and beside the message that was not sent.
      if (notice !== 'draining') this.timeline.set(model.noticed(this.timeline.read(), id ?? '', text));
      this.#parts.onNotice();
    }
    this.#lastEventId = id ?? this.#lastEventId;
  }

  #tell(view: TurnView): void {
    this.timeline.set(model.told(this.timeline.read(), view));
  }

  /** @returns the id of the last event before what was read. */
  async #load(): Promise<string> {
    const page = await this.#parts.api.history(this.session, null);
    this.timeline.set(model.withPage(this.timeline.read(), page));
    return page.last_event_id;
  }

  /** Reads the history until that succeeds or the session is no longer followed. Never rejects. */
  async #refresh(): Promise<void> {
    const signal = this.#following?.signal;
    for (let failures = 0; signal && !signal.aborted; failures++) {
      const isRead = await this.#load().then(
        () => true,
        () => false,
      );
      if (isRead) return;
      await pause(failures, signal);
    }
  }

  #followTurn(): void {
    this.#follower.follow(this.#following ? model.currentTurn(this.timeline.read()) : null);
  }
}
