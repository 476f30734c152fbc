/** What the API says of a turn. */
export interface TurnView {
  readonly turn_id: string;
  readonly status: TurnStatus;
  readonly reply?: string;
  /** What there is of a reply that is not whole. */
  readonly partial_reply?: string;
  readonly problem?: string;
  /** It waits until the end of a drain. */
  readonly queued?: boolean;
}

export type TurnStatus = 'accepted' | 'running' | 'done' | 'failed' | 'interrupted';

/** A turn in the history of its session. */
export interface PastTurnView extends TurnView {
  /** Grows with every turn. */
  readonly seq: number;
  readonly message_id: string | null;
  /** `start`: the agent has forgotten what was said before. */
  readonly conversation: string;
  readonly text: string;
  readonly accepted_at: string | null;
}

/** A page of the history of a session, the newest turn first. */
export interface HistoryPage {
  readonly turns: readonly PastTurnView[];
  /** Where the next, older page begins; `null` at the end. */
  readonly next_before: number | null;
  readonly last_event_id: string;
}

/** What the gateway says of itself. */
export interface GatewayStatus {
  readonly gateway_state: string;
  readonly on_drain: 'refuse' | 'queue' | 'handover';
  readonly drain: DrainView | null;
  readonly storage_problem: string | null;
}

export interface DrainView {
  /** Otherwise it is announced. */
  readonly in_force: boolean;
  readonly principal: string | null;
  readonly reason: string | null;
  /** Times are ISO date-times. */
  readonly since: string | null;
  readonly refuse_after: string | null;
  /** When it ends if nobody extends or cancels it. */
  readonly expires_at: string;
}

/** A message as the page sends it. */
export interface OutgoingMessage {
  readonly session: string;
  /** Made by the page: the gateway runs the message once, however often it is sent. */
  readonly messageId: string;
  readonly text: string;
  readonly pictures: readonly Picture[];
}

export interface Picture {
  readonly name: string;
  /** `data:image/png;base64,…` */
  readonly url: string;
}
