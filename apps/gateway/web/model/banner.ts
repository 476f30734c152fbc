import type { DrainView, GatewayStatus } from './wire.ts';

export interface Banner {
  readonly tone: 'warn' | 'bad';
  readonly text: string;
}

/** What a person must know before they write. @param time a time of day, for an ISO date-time. */
export function bannerOf(status: GatewayStatus, time: (iso: string) => string): Banner | null {
  const { gateway_state, drain, on_drain, storage_problem } = status;
  if (gateway_state === 'stopping')
    return { tone: 'warn', text: 'The gateway is shutting down. This page waits until it is back.' };
  if (gateway_state === 'starting')
    return { tone: 'warn', text: 'The gateway is starting. Messages are sent when it is ready.' };
  if (drain !== null) return { tone: 'warn', text: drainText(drain, on_drain, time) };
  if (storage_problem !== null)
    return { tone: 'bad', text: 'The gateway cannot store messages at the moment, so it refuses them.' };
  return null;
}

const UNDER_DRAIN: Record<GatewayStatus['on_drain'], string> = {
  refuse: 'New messages are refused',
  queue: 'New messages are kept and answered afterwards',
  handover: 'Another gateway answers new messages, or they are kept and answered afterwards',
};

function drainText(drain: DrainView, onDrain: GatewayStatus['on_drain'], time: (iso: string) => string): string {
  const { in_force, principal, reason, since, refuse_after, expires_at } = drain;
  const by = principal === null ? '' : ` by ${principal}`;
  const why = reason === null ? '' : `: ${reason}`;
  if (!in_force) {
    const at = refuse_after === null ? 'soon' : `at ${time(refuse_after)}`;
    return `A drain begins ${at}${by}${why}. Messages are accepted until then.`;
  }
  const from = since === null ? '' : ` since ${time(since)}`;
  return `Draining${from}${by}${why}. ${UNDER_DRAIN[onDrain]}. It ends at ${time(expires_at)} unless it is cancelled or extended.`;
}
