import { setTimeout as delay } from 'node:timers/promises';
import { type ProfileView, persistently, Unreachable } from '@hermes/dashboard-client';
import { DrainctlError, EXIT, type Outcome } from '../exit.ts';
import { shorten } from '../output/shorten.ts';
import { formatDuration } from '../settings/duration.ts';
import type { Context } from './context.ts';
import type { RestartCommandOptions } from './options.ts';

const POLL_MS = 500;

type Phase = 'stopping' | 'starting' | 'ready' | 'failed';

/** `drainctl restart`. */
export async function restart(context: Context, options: RestartCommandOptions): Promise<Outcome> {
  const { api, signal, reporter, paste } = context;
  context.leaving = [`interrupted before the dashboard had answered; to see what the gateway does: ${paste('status')}`];
  const { restart: begun } = await api.restart(signal, {
    force: options.force ?? false,
    keepDrain: options.keepDrain ?? false,
    reason: options.reason,
  });
  reporter.note('restarting', `restart begun (${shorten(api.profile)})`, { profile: api.profile, restart: begun });
  if (!options.wait) {
    return { result: 'restarting', exit: EXIT.done, text: [], data: { profile: api.profile, restart: begun } };
  }
  context.leaving = ['detached: the restart continues'];
  const view = await untilOver(context, options, begun.since);
  const data = { profile: api.profile, restart: view.restart, draining: view.draining };
  if (view.restart?.state === 'failed') {
    const why = shorten(view.restart.error ?? 'no reason given', 200);
    throw new DrainctlError('failed', EXIT.refused, `the gateway did not restart: ${why}`, data);
  }
  const after = view.draining ? `; the drain is still in force; to end it: ${paste('cancel')}` : '';
  return { result: 'restarted', exit: EXIT.done, text: [`restarted: the gateway is ready${after}`], data };
}

async function untilOver(context: Context, options: RestartCommandOptions, since: string): Promise<ProfileView> {
  const { api, signal, reporter } = context;
  const { deadline = Number.POSITIVE_INFINITY, retryFor } = options;
  const started = performance.now();
  let last: Phase | undefined;
  for (;;) {
    const view = await persistently(() => look(context), {
      signal,
      retryFor: Math.min(retryFor, deadline),
      onLost: (error) => reporter.lost(error),
    });
    const phase = phaseOf(view, since);
    if (phase === 'ready' || phase === 'failed') return view;
    if (phase !== last)
      reporter.note(phase, `the gateway is ${phase}`, { profile: api.profile, restart: view.restart });
    last = phase;
    if (performance.now() - started >= deadline) {
      const message = `the gateway is still ${phase} after ${formatDuration(deadline)}`;
      throw new DrainctlError('deadline', EXIT.deadline, message, { profile: api.profile, restart: view.restart });
    }
    await delay(POLL_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

async function look({ api, signal }: Context): Promise<ProfileView> {
  const view = (await api.profiles(signal)).find(({ name }) => name === api.profile);
  if (view) return view;
  throw new Unreachable(api.url, `it does not list the profile ${shorten(api.profile)} any more`);
}

/** A dashboard that was restarted itself has no record of the restart; then the gateway's start time decides. */
function phaseOf({ restart, started_at, gateway_running }: ProfileView, since: string): Phase {
  if (restart && Date.parse(restart.since) >= Date.parse(since)) return restart.state;
  const isNew = gateway_running && Date.parse(started_at ?? '') >= Date.parse(since);
  return isNew ? 'ready' : 'starting';
}
