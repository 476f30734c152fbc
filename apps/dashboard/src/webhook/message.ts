import { createHash } from 'node:crypto';
import type { DrainEvent, DrainEventType } from '../drain/events.pure.ts';

/** The message without its signature. */
export interface WebhookMessage {
  /** The same for the same event, from every sender and attempt: receivers detect repetitions by it. */
  readonly id: string;
  readonly type: string;
  readonly body: string;
}

/** The message about an event that was seen at `now` (Unix ms). */
export function messageOf({ type, view, turn }: DrainEvent, now: number): WebhookMessage {
  const { name: profile, request, gateway_state, gateway_running, active_agents, active_work } = view;
  const { queued_turns, refused_turns, safe_to_stop, drain } = view;
  const data = {
    profile,
    request: request && { ...request, verdict: undefined },
    gateway_state,
    gateway_running,
    active_agents,
    active_work,
    queued_turns,
    refused_turns,
    safe_to_stop,
    drain,
    ...(turn ? { turn } : {}),
  };
  const drainedAt = type === 'drain.drained' ? drain?.drained_at : undefined;
  return {
    id: messageId([type, profile, request?.identity, drainedAt, turn?.id]),
    type,
    body: JSON.stringify({ type, timestamp: new Date(now).toISOString(), data }),
  };
}

/** The id of the message that a drain of `profile` has begun. */
export function begunMessageId(profile: string, drain: string): string {
  const type: DrainEventType = 'drain.begun';
  return messageId([type, profile, drain, undefined, undefined]);
}

function messageId(identity: readonly unknown[]): string {
  const digest = createHash('sha256').update(JSON.stringify(identity)).digest('hex');
  return `msg_${digest.slice(0, 32)}`;
}
