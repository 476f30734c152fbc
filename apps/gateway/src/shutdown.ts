import { setTimeout as delay } from 'node:timers/promises';
import { formatIsoDateTime } from '@hermes/drain-contract';
import type { Logger } from '@hermes/service-kit';
import type { FastifyInstance } from 'fastify';
import type { Gateway } from './gateway.ts';

/** Bounds of the steps after the grace, in ms: a shutdown ends whatever an agent, a client or the disk does. */
const BOUNDS = { interrupt: 2_000, close: 3_000, publish: 3_000 } as const;

export interface ShutdownOptions {
  readonly signal: NodeJS.Signals;
  /** Ms that turns in flight get to finish. */
  readonly grace: number;
  /** Aborts when somebody will not wait for the grace. */
  readonly hurry: AbortSignal;
  readonly log: Logger;
}

/** Takes the gateway down: nothing new, wait for what runs, cut off the rest, close, publish the end. Never throws. */
export async function shutDown(gateway: Gateway, server: FastifyInstance, options: ShutdownOptions): Promise<void> {
  const { signal, log } = options;
  gateway.stop();
  log.info({ signal, active: gateway.gate.active, grace_ms: options.grace }, 'stopping');
  const abandoned = gateway.engine.abandonWaiting(
    'The gateway is stopping. Your message was not started; send it again.',
  );
  await idleWithin(gateway, options.grace, options.hurry);
  const interrupted = gateway.engine.interruptRunning();
  if (interrupted > 0) await idleWithin(gateway, BOUNDS.interrupt);
  if (interrupted + abandoned > 0) log.warn({ interrupted, abandoned }, 'turns did not finish');
  await within(server.close(), BOUNDS.close);
  server.server.closeAllConnections();
  const exit = { at: formatIsoDateTime(Date.now()), signal, code: null, reason: 'signal', interrupted };
  await within(gateway.close('closed', exit), BOUNDS.publish);
}

async function idleWithin(gateway: Gateway, milliseconds: number, hurry?: AbortSignal): Promise<void> {
  const bound = AbortSignal.timeout(milliseconds);
  await gateway.gate.whenIdle(hurry ? AbortSignal.any([bound, hurry]) : bound).catch(() => undefined);
}

async function within(step: Promise<unknown>, milliseconds: number): Promise<void> {
  const settled = step.catch(() => undefined);
  await Promise.race([settled, delay(milliseconds, undefined, { ref: false })]);
}
