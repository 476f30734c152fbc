import { Fields } from './fields.ts';
import type { DrainAnswer, DrainRequest, Profile, Restart, Slot, Turn } from './profile.ts';

/** A profile as the server tells it, an older server included: it leaves fields out. `null` without a name. */
export function decodeProfile(value: unknown): Profile | null {
  const view = new Fields(value);
  const name = view.text('name');
  if (name === null) return null;
  return {
    name,
    state: view.text('gateway_state'),
    isRunning: view.isTrue('gateway_running'),
    liveness: view.text('liveness'),
    pid: view.number('pid'),
    lastTurns: view.number('last_active_agents'),
    turns: view.number('active_agents'),
    work: view.list('active_work').map((item) => decodeTurn(new Fields(item))),
    startedAt: view.time('started_at'),
    heartbeatAt: view.time('heartbeat_at'),
    version: view.text('version'),
    endpoint: view.text('endpoint'),
    graceSeconds: view.number('restart_drain_timeout'),
    intent: view.text('desired_state'),
    isDraining: view.isTrue('draining'),
    isSafe: view.isTrue('safe_to_stop'),
    held: view.number('queued_turns'),
    refused: view.number('refused_turns'),
    request: decodeRequest(view.object('request')),
    answer: decodeAnswer(view.object('drain')),
    slot: decodeSlot(view.object('slot')),
    restart: decodeRestart(view.object('restart')),
  };
}

/** The profiles of `{profiles: […]}`. */
export function decodeProfiles(value: unknown): readonly Profile[] {
  const profiles = new Fields(value).list('profiles').map(decodeProfile);
  return profiles.filter((profile) => profile !== null);
}

function decodeTurn(turn: Fields): Turn {
  return {
    id: turn.text('id') ?? '',
    kind: turn.text('kind') ?? 'turn',
    session: turn.text('session') ?? 'unknown session',
    startedAt: turn.time('started_at'),
    lastProgressAt: turn.time('last_progress_at'),
    isStalled: turn.isTrue('stalled'),
  };
}

function decodeRequest(request: Fields | null): DrainRequest | null {
  if (request === null) return null;
  const verdict = request.object('verdict');
  return {
    id: request.exact('request_id'),
    principal: request.text('principal'),
    reason: request.text('reason'),
    requestedAt: request.time('requested_at'),
    expiresAt: request.time('expires_at'),
    expiredAt: request.time('expired_at'),
    refuseAfter: request.time('refuse_after'),
    isQuiet: request.isTrue('suppress_notification'),
    isActive: verdict?.isTrue('active') ?? false,
    verdict: verdict?.text('reason') ?? 'unknown',
  };
}

function decodeAnswer(answer: Fields | null): DrainAnswer | null {
  if (answer === null) return null;
  return {
    requestId: answer.exact('request_id'),
    observedAt: answer.time('observed_at'),
    drainedAt: answer.time('drained_at'),
  };
}

function decodeSlot(slot: Fields | null): Slot | null {
  const state = slot?.text('state') ?? null;
  if (slot === null || state === null) return null;
  return {
    state,
    isReady: slot.isTrue('ready'),
    pid: slot.number('pid'),
    exitCode: slot.number('exit_code'),
    signal: slot.text('signal'),
  };
}

function decodeRestart(restart: Fields | null): Restart | null {
  const state = restart?.text('state') ?? null;
  if (restart === null || state === null) return null;
  return { state, since: restart.time('since'), error: restart.text('error') };
}
