import type { Delivery } from '../journal/delivery-store.ts';
import type { ContentPart } from '../openai-wire/parts.ts';
import type { ChannelHealth } from './channel-health.ts';

/** A message from a channel. */
export interface IncomingMessage {
  readonly session: string;
  readonly text: string;
  /** Images and files that came with the text, which may then be empty. */
  readonly attachments?: readonly ContentPart[] | undefined;
  readonly messageId: string;
  /**
   * If several messages of the chat system are one, such as an album: these, in order; the text is empty then. Those that
   * came before are not stored again. What comes later becomes a message of its own.
   */
  readonly album?: readonly ChannelMessagePart[] | undefined;
  /** The name of the bot that got it, by which people address it in groups. */
  readonly bot?: string | undefined;
}

/** A message of an album. */
export interface ChannelMessagePart {
  /** Its own id; unique in the album. */
  readonly id: string;
  readonly text: string;
  readonly attachments: readonly ContentPart[];
}

/** Accepts an incoming message. Resolves when it is stored or refused for good: the channel may then drop it. */
export type Receive = (message: IncomingMessage) => Promise<void>;

/** What a channel reports besides new messages. These reject when the channel must report it again. */
export interface ChannelEvents {
  /**
   * A message was edited by its sender: it is replaced if it still waits. Of an album, only the messages in `album` are.
   * @returns what to answer the sender if the edit was refused.
   */
  edited(message: IncomingMessage): Promise<string | undefined>;
  /** Whether a message with this id was stored. */
  isStored(session: string, messageId: string): Promise<boolean>;
  /** A chat continues as another session, to which its history moves. */
  moved(from: string, to: string): Promise<void>;
}

/** A request of a chat system that pushes its messages. */
export interface PushRequest {
  /** The names are in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** The bytes as they came, for the check of their signature; at most 1 MiB. */
  readonly body: Buffer;
}

export interface PushAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What takes the messages of a push. Both reject when they are not stored: let the error pass, so that it is repeated. */
export interface PushTakers {
  readonly receive: Receive;
  readonly events: ChannelEvents;
}

/** An HTTP route of a channel, at `/v1/channels/NAME` and `path`. Every gateway that shares the journal has it. */
export interface ChannelRoute {
  readonly method: 'GET' | 'POST';
  /** Begins with a slash. */
  readonly path: string;
  /**
   * Answers a request. The API key is not required: the channel checks who sent it. When `takers` reject, the request is
   * answered with a 503 that says why.
   */
  answer(request: PushRequest, takers: PushTakers): Promise<PushAnswer>;
}

/** A running turn, as a channel may show it: that the agent is at work, and the reply as it grows. */
export interface FollowedTurn {
  readonly id: string;
  readonly session: string;
  /** Resolves when it is over. Never rejects. */
  readonly whenOver: Promise<void>;
  /** The pieces of the reply, until it is over or `signal` aborts. */
  chunks(signal: AbortSignal): AsyncIterable<string>;
}

/** A connection to users other than the HTTP API. */
export interface Channel {
  readonly name: string;
  readonly health: ChannelHealth;
  /** Whether people write to it: then it alone knows who speaks for its sessions. Default: no. */
  readonly receives?: boolean;
  /** For a chat system that pushes its messages. Default: none. */
  readonly routes?: readonly ChannelRoute[];
  /** Whether this channel delivers the events of the session. */
  carries(session: string): boolean;
  /**
   * Sends one delivery. Ends soon after `signal` aborts.
   * @throws DeliveryError when the delivery failed.
   */
  deliver(delivery: Delivery, signal: AbortSignal): Promise<void>;
  /**
   * Starts receiving, if the channel can receive, also after {@link stop}. Must not block: connecting to a channel that
   * is down is retried in the background.
   */
  start(receive: Receive, events: ChannelEvents): void;
  /** Called with each turn of its sessions that starts on this gateway. Must not block, and not throw. */
  follow?(turn: FollowedTurn): void;
  /** Stops receiving. Settles within the bound of `signal`, whatever the remote side does. */
  stop(signal: AbortSignal): Promise<void>;
}

/** Why a delivery failed, and whether a retry may help. */
export class DeliveryError extends Error {
  readonly permanent: boolean;
  /** Ms before the next retry, if the remote side asks for a delay. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    options: { permanent?: boolean; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'DeliveryError';
    this.permanent = options.permanent ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}
