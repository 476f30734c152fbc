import { clock, count, duration } from './ages.ts';
import { isFailing } from './channel.ts';
import { isRestarting, type Profile, stalledTurns, wasStarted } from './profile.ts';

/** The tone of the sentence: neutral, good, in progress, warning, error. */
export type Tone = 'calm' | 'good' | 'busy' | 'warn' | 'bad';

export interface Sentence {
  readonly tone: Tone;
  readonly text: string;
}

/** What an operator needs to decide, in one sentence. `now` is the server's clock. */
export function sentenceOf(profile: Profile, now: number): Sentence {
  if (isRestarting(profile)) return restarting(profile, now);
  if (!profile.isRunning) return notRunning(profile, now);
  if (profile.liveness === 'frozen') return say('bad', join([frozen(profile, now), ...drainPart(profile)]));
  if (profile.state === 'stopping') return say('busy', join(['Stopping', ...turnsLeft(profile, now)]));
  if (profile.isDraining) return draining(profile, now);
  const over = profile.request?.verdict === 'expired' ? 'The drain expired' : 'The drain is over';
  if (profile.state === 'draining') return say('busy', `${over}, the gateway is about to accept messages again`);
  if (profile.state === 'starting') return starting(profile);
  return acceptingMessages(profile, now);
}

/** The part of the sentence for screen readers: it changes with events, not with time. */
export function announcementOf(profile: Profile): string {
  const { name, turns } = profile;
  if (profile.isSafe && !isRestarting(profile)) return `${name}: safe to stop`;
  const stalled = stalledTurns(profile);
  const parts = [`${name}: ${stateWord(profile)}`];
  if (profile.isDraining && turns !== null) parts.push(`${count(turns, 'turn')} left`);
  if (stalled > 0) parts.push(`${stalled} stalled`);
  return parts.join(', ');
}

/** The state in one word. */
export function stateWord(profile: Profile): string {
  if (isRestarting(profile)) return 'restarting';
  if (profile.liveness === 'died') return 'died';
  if (profile.liveness === 'frozen' || (profile.liveness === 'unknown' && profile.heartbeatAt !== null))
    return 'no heartbeat';
  if (profile.isRunning && profile.isDraining && profile.state === 'running') return 'draining';
  return profile.state?.replaceAll('_', ' ') ?? (profile.desiredState === 'running' ? 'not running' : 'not started');
}

function restarting({ restart, turns, isRunning }: Profile, now: number): Sentence {
  const since = restart?.since ? `, for ${duration(now - restart.since)}` : '';
  if (restart?.state === 'starting') return say('busy', `Restarting: waiting until it is ready${since}`);
  const left = isRunning && turns ? `, ${count(turns, 'turn')} left` : '';
  return say('busy', `Restarting: waiting until it has stopped${since}${left}`);
}

function frozen({ heartbeatAt, pid }: Profile, now: number): string {
  return `No heartbeat for ${heartbeatAt === null ? 'an unknown time' : duration(now - heartbeatAt)}, process ${pid} is still there`;
}

/** The state of a drain that no gateway answers. */
function drainPart({ isDraining }: Profile): string[] {
  return isDraining ? ['it does not answer the drain'] : [];
}

function starting({ problem }: Profile): Sentence {
  const text = 'Starting, not accepting messages yet';
  return problem === null ? say('busy', text) : say('warn', `${text}: ${problem}`);
}

function died({ heartbeatAt, lastTurns }: Profile, now: number): string {
  const when = heartbeatAt === null ? 'at an unknown time' : `after ${clock(heartbeatAt, now)}`;
  const turns = lastTurns === null ? 'an unknown number of turns' : count(lastTurns, 'turn');
  return `Died ${when} with ${turns} in flight, and has not restarted`;
}

function notRunning(profile: Profile, now: number): Sentence {
  const { state, desiredState, liveness, heartbeatAt, problem } = profile;
  if (liveness === 'died') return say('bad', died(profile, now));
  if (liveness === 'unknown' && heartbeatAt !== null) {
    return say('bad', `No heartbeat for ${duration(now - heartbeatAt)}, and its process cannot be checked from here`);
  }
  if (state === 'startup_failed')
    return say('bad', problem === null ? 'Could not start; see its log' : `Could not start: ${problem}`);
  if (desiredState === 'running') return say('bad', 'Stopped, though it should be running: it accepts no messages');
  if (desiredState === 'stopped') return say('calm', 'Stopped, as intended');
  if (!wasStarted(profile)) return say('calm', 'Not started');
  return say('warn', 'Stopped: it accepts no messages');
}

function draining(profile: Profile, now: number): Sentence {
  const { request, answer, turns } = profile;
  if (profile.isSafe) return say('good', 'Safe to stop');
  if (request !== null && answer?.requestId !== request.id) {
    return say('busy', join(['Drain requested, the gateway has not answered yet', ...turnsLeft(profile, now)]));
  }
  if (turns === null) return say('warn', 'Draining, but the gateway does not report how many turns are left');
  if (turns === 0) return say('busy', 'No turns left, the gateway is about to confirm');
  return say(stalledTurns(profile) > 0 ? 'warn' : 'busy', join(turnsLeft(profile, now)));
}

function acceptingMessages(profile: Profile, now: number): Sentence {
  const { turns, request } = profile;
  if (request?.verdict === 'announced') {
    const rest = request.refuseAfter === null ? '' : ` for ${duration(request.refuseAfter - now)}`;
    return say('busy', `Drain announced, still accepting messages${rest}`);
  }
  if (turns === null) return say('warn', 'Accepting messages, but it does not report how many turns are in flight');
  const failing = profile.channels.filter(isFailing).map(({ name, state }) => `channel ${name} is ${state}`);
  const inFlight = turns === 0 ? 'no turn' : count(turns, 'turn');
  const parts = [`Accepting messages, ${inFlight} in flight`, ...workParts(profile, now), ...failing];
  return say(stalledTurns(profile) > 0 || failing.length > 0 ? 'warn' : 'calm', join(parts));
}

function turnsLeft(profile: Profile, now: number): string[] {
  if (!profile.turns) return [];
  return [`${count(profile.turns, 'turn')} left`, ...workParts(profile, now)];
}

function workParts(profile: Profile, now: number): string[] {
  const oldest = Math.min(...times(profile.work.map((turn) => turn.startedAt)));
  const progress = Math.max(...times(profile.work.map((turn) => turn.lastProgressAt)));
  const stalled = stalledTurns(profile);
  return [
    ...(Number.isFinite(oldest) ? [`${profile.turns === 1 ? 'for' : 'the oldest'} ${duration(now - oldest)}`] : []),
    ...(Number.isFinite(progress) ? [`last progress ${duration(now - progress)} ago`] : []),
    ...(stalled > 0 ? [`${stalled} stalled`] : []),
  ];
}

function times(times: readonly (number | null)[]): number[] {
  return times.filter((time) => time !== null);
}

function join(parts: readonly string[]): string {
  return parts.join(', ');
}

function say(tone: Tone, text: string): Sentence {
  return { tone, text };
}
