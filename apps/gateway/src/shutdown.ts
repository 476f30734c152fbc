import { formatIsoDateTime } from '@hermes/drain-contract';
import { abortAfter, EXIT, type Logger, STDERR_FLUSH_MS, withTimeout } from '@hermes/service-kit';
import type { HttpActivity } from '@hermes/service-kit/http';
import type { FastifyInstance } from 'fastify';
import type { Gateway } from './gateway.ts';
import type { Journal } from './journal/journal.ts';

/**
 * Timeouts of the steps around the grace period, in ms: a shutdown ends whatever an agent, a client, a channel or the
 * disk does.
 */
const BOUNDS = {
  tell: 1_000,
  interrupt: 2_000,
  store: 2_000,
  channels: 3_000,
  lull: 1_500,
  close: 1_500,
  publish: 3_000,
} as const;

/** Maximum number of turns in a log line. */
const MAX_SHOWN = 20;

/** Maximum seconds of a shutdown with `grace` seconds for turns and this abort timeout of the agent in ms. */
export function shutdownBound(grace: number, abortTimeoutMs: number): number {
  const { tell, interrupt, store, channels, lull, close, publish } = BOUNDS;
  // Channels: receiving, and closing twice. Publishing: the end, and the journal.
  const own = tell + abortTimeoutMs + interrupt + store + channels * 3 + lull + close + publish * 2 + STDERR_FLUSH_MS;
  return grace + own / 1_000;
}

/** The parts that are shut down. */
export interface RunningGateway {
  readonly gateway: Gateway;
  readonly server: FastifyInstance;
  /** Of the server. */
  readonly activity: Pick<HttpActivity, 'untilLull'>;
  readonly journal: Pick<Journal, 'close'>;
}

export interface ShutdownOptions {
  /** The signal that asks for it; `null` for a restart. */
  readonly signal: NodeJS.Signals | null;
  /** Grace period of turns in flight, in seconds. */
  readonly grace: number;
  /** Abort timeout of the agent, in ms. */
  readonly abortTimeoutMs: number;
  /** Sessions that get a notice of the shutdown. */
  readonly homeChannels: readonly string[];
  /** Aborts at a second signal, which skips the grace period. */
  readonly forceSignal: AbortSignal;
  readonly log: Logger;
}

/**
 * Shuts a gateway down: refuses new turns, notifies, waits for running turns, interrupts the rest, closes, publishes
 * the end. Never throws.
 */
export async function shutDown(running: RunningGateway, options: ShutdownOptions): Promise<void> {
  const { gateway, server, activity, journal } = running;
  const { signal, grace, forceSignal, log } = options;
  const { active, verdict } = { active: gateway.gate.active, verdict: gateway.verdict };
  gateway.stop();
  log.info({ signal, active, grace_s: grace, storage_problem: gateway.storage.problem }, 'stopping');
  const quiet = verdict.active && verdict.request.suppress_notification;
  const audience = { busy: gateway.engine.busySessions, home: options.homeChannels, quiet, grace };
  await settledWithin(gateway.notices.stopping(audience), BOUNDS.tell);
  const receiving = gateway.channelManager.stopReceiving(AbortSignal.timeout(BOUNDS.channels));
  const queued = gateway.engine.leaveQueued();
  const graceEnd = abortAfter(grace * 1_000, forceSignal);
  await idle(gateway, graceEnd);
  await gateway.engine.whenAnswered(graceEnd).catch(() => undefined);
  const interrupted = gateway.engine.interruptRunning();
  if (interrupted > 0) await idle(gateway, abortAfter(options.abortTimeoutMs + BOUNDS.interrupt));
  const unstored = await leaveUnstored(gateway, log);
  if (interrupted + queued > 0) log.warn({ interrupted, queued }, 'turns did not finish before the shutdown');
  await settledWithin(receiving, BOUNDS.channels);
  await settledWithin(gateway.channelManager.close(AbortSignal.timeout(BOUNDS.channels)), BOUNDS.channels * 2);
  gateway.engine.endHandover();
  await gateway.engine.whenAnswered(graceEnd).catch(() => undefined);
  await activity.untilLull(abortAfter(BOUNDS.lull, forceSignal));
  gateway.engine.close();
  gateway.hub.close();
  await settledWithin(server.close(), BOUNDS.close);
  server.server.closeAllConnections();
  const cause = signal === null ? { code: EXIT.temporary, reason: 'restart' } : { code: null, reason: 'signal' };
  const exit = { at: formatIsoDateTime(Date.now()), signal, ...cause, interrupted, unstored };
  await settledWithin(gateway.close('closed', exit), BOUNDS.publish);
  await settledWithin(journal.close(), BOUNDS.publish);
}

/**
 * The gateway retries to store ends during the grace period; this is the last try. @returns how many are not stored.
 */
async function leaveUnstored(gateway: Gateway, log: Logger): Promise<number> {
  await settledWithin(gateway.engine.leaveUnstored(), BOUNDS.store);
  const turns = gateway.engine.unstored;
  if (turns.length > 0) {
    const shown = turns.slice(0, MAX_SHOWN);
    log.error(
      { unstored: turns.length, turns: shown },
      'the results of turns could not be stored; the next start runs these turns again, or reports them as interrupted',
    );
  }
  return turns.length;
}

async function idle(gateway: Gateway, bound: AbortSignal): Promise<void> {
  await gateway.gate.whenIdle(bound).catch(() => undefined);
}

/** Resolves when `step` has settled, or after its timeout: the next step runs in any case. */
async function settledWithin(step: Promise<unknown>, milliseconds: number): Promise<void> {
  await withTimeout(step, milliseconds, () => undefined).catch(() => undefined);
}
