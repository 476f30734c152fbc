import { type DrainView, isInForce, oldestFirst, type ProfileView, type StatusView } from '@hermes/dashboard-client';
import { EXIT, type Outcome } from '../exit.ts';
import { describeRequest, describeSighting, describeTurn, formatTime } from '../output/describe.ts';
import { shorten } from '../output/shorten.ts';
import { table } from '../output/table.ts';
import type { Context } from './context.ts';
import type { StatusCommandOptions } from './options.ts';

/** `drainctl status`. */
export async function status({ api, signal }: Context, { all }: StatusCommandOptions): Promise<Outcome> {
  if (all) {
    const profiles = await api.profiles(signal);
    return outcomeOf(describeProfiles(profiles), { profiles });
  }
  const [drain, status] = await Promise.all([api.drain(signal), api.status(signal)]);
  return outcomeOf(describeProfile(drain, status), { profile: api.profile, drain, status });
}

function outcomeOf(text: readonly string[], data: Record<string, unknown>): Outcome {
  return { result: 'status', exit: EXIT.done, text, data };
}

function describeProfile(drain: DrainView, status: StatusView): string[] {
  const at = Date.now();
  const expiry = drain.expires_at === null ? '' : `, expires at ${formatTime(drain.expires_at)} unless it is extended`;
  const request = drain.request_id === null && !isInForce(drain) ? [] : [`drain: ${describeRequest(drain)}${expiry}`];
  const turns = oldestFirst(status.active_work).map((turn) => `  ${describeTurn(turn, at)}`);
  const others = (status.active_agents ?? 0) - turns.length;
  return [
    `${drain.profile}: ${describeSighting({ at, drain, status: { ...status, active_work: [] } }).replace(/: and \d+ more$/, '')}`,
    ...request,
    ...turns,
    ...(turns.length > 0 && others > 0 ? [`  and ${others} more`] : []),
    ...describeShared(status),
    ...describeChannels(status),
    `safe to stop: ${drain.safe_to_stop ? 'yes' : `no (${whyNotSafe(drain, status)})`}`,
  ];
}

function whyNotSafe(drain: DrainView, status: StatusView): string {
  if (!status.gateway_running) return 'only a gateway that runs can acknowledge a drain';
  if (!isInForce(drain)) return 'no drain is in force, so a turn can start at any time';
  if (status.active_agents === null) return 'the number of turns in flight is unknown';
  if (status.active_agents > 0)
    return status.active_agents === 1 ? 'a turn is in flight' : `${status.active_agents} turns are in flight`;
  return 'the gateway has not acknowledged the drain yet';
}

function describeShared({ shared_turns }: StatusView): string[] {
  // An older dashboard does not report it.
  if (!shared_turns) return [];
  const { name, others, takers } = shared_turns;
  const count = others === 1 ? '1 other gateway' : `${others} other gateways`;
  return [`turns: shared with ${count} as ${shorten(name)}; ${takers} of them start turns now`];
}

function describeChannels({ channels = [] }: StatusView): string[] {
  return channels.map(({ name, state, since, problem, waiting, given_up }) => {
    const reason = problem === null ? '' : `: ${shorten(problem)}`;
    const deliveries = [
      ...(waiting > 0 ? [`${waiting} to send`] : []),
      ...(given_up > 0 ? [`${given_up} given up`] : []),
    ];
    const counts = deliveries.length > 0 ? ` (${deliveries.join(', ')})` : '';
    return `channel ${shorten(name)}: ${shorten(state)} since ${formatTime(since)}${counts}${reason}`;
  });
}

/** A gateway that died or is frozen still has the state that it published last. */
function stateOf({ liveness, gateway_state }: ProfileView): string {
  return liveness === 'died' || liveness === 'frozen' ? liveness : (gateway_state ?? 'not started');
}

function describeProfiles(profiles: readonly ProfileView[]): string[] {
  const rows = profiles.map((profile) => [
    shorten(profile.name),
    shorten(stateOf(profile)),
    `${profile.active_agents ?? 'unknown'}`,
    profile.draining ? 'draining' : '',
    profile.safe_to_stop ? 'safe to stop' : '',
  ]);
  return table([['PROFILE', 'GATEWAY', 'TURNS', 'DRAIN', ''], ...rows]);
}
