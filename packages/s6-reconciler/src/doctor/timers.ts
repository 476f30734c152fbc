/** The timeouts of a container stop in seconds, from the innermost to the outermost. */
export interface Timers {
  /** A turn; `undefined` if that is not known. */
  readonly turn: number | undefined;
  /** The gateway's grace period for turns. */
  readonly grace: number;
  /** The longest time from the signal to the gateway's exit, including the grace period. */
  readonly stop: number;
  /** When s6-supervise kills the gateway; `undefined` for never. */
  readonly slotKill: number | undefined;
  /** When the service around all gateways is killed, and when s6-rc gives it up; where there is one. */
  readonly service: ServiceTimers | undefined;
  /** The stop grace period of the container; `undefined` if unknown. */
  readonly container: number | undefined;
}

/** The limits of the service around all gateways, in seconds. */
export interface ServiceTimers {
  readonly kill: number | undefined;
  readonly down: number | undefined;
  /** The directory in which they are to be changed; `undefined` for the service's own. */
  readonly source?: string | undefined;
}

/** One timeout, and whether all inner timeouts fit into it. */
export interface TimerCheck {
  readonly timer: string;
  readonly seconds: number | null;
  /** Its smallest correct value, if every inner timeout is correct. */
  readonly needed: number;
  /** `null` when that is not known. */
  readonly ok: boolean | null;
  /** The remedy; `null` if none is needed. */
  readonly cure: string | null;
}

/** The time to notice an exit and to start the next program on a busy machine. */
const MARGIN_SECONDS = 5;

/** A script of the image that sets the limits of the service before s6-rc compiles them. */
const HOOK = '/usr/lib/hermes/s6-overlay-hook';

/**
 * Whether the timers nest, so that a running turn finishes instead of being killed by something further out that is
 * less patient; and the values that would. Pure. `reconcile` is the command that gives slots new timers.
 */
export function checkTimers(
  { turn, grace, stop, slotKill, service, container }: Timers,
  reconcile: string,
): TimerCheck[] {
  const checks: TimerCheck[] = [];
  let needed = 0;
  const check = (timer: string, seconds: number | undefined, least: number, cure: (seconds: number) => string) => {
    needed = Math.ceil(least);
    // s6-rc compiles timeout-down away: only its source can tell.
    const isElsewhere =
      timer === 'container stop' || (timer === 'gateways timeout-down' && service?.source !== undefined);
    const unknown = seconds === undefined && isElsewhere;
    const ok = unknown ? null : seconds !== undefined && seconds >= needed;
    checks.push({ timer, seconds: seconds ?? null, needed, ok, cure: ok === true ? null : cure(needed) });
    needed = Math.max(needed, seconds ?? 0);
  };
  check(
    'gateway grace',
    grace,
    turn ?? 0,
    (least) => `restart_drain_timeout: ${least} in config.yaml, and restart the gateway`,
  );
  check(
    'slot timeout-kill',
    slotKill,
    needed + (stop - grace) + MARGIN_SECONDS,
    () => `once the gateway runs with its new grace: ${reconcile}`,
  );
  if (service !== undefined) {
    const place = (file: string) =>
      service.source === undefined
        ? `in its file ${file}`
        : `in ${service.source}/${file} of the image, or raised by S6_STAGE2_HOOK=${HOOK}; then start the container again`;
    check(
      'gateways timeout-kill',
      service.kill,
      needed + MARGIN_SECONDS,
      (least) => `${least * 1000} ${place('timeout-kill')}`,
    );
    check(
      'gateways timeout-down',
      service.down,
      needed + MARGIN_SECONDS,
      (least) => `${least * 1000} ${place('timeout-down')}`,
    );
  }
  check(
    'container stop',
    container,
    needed + MARGIN_SECONDS,
    (least) => `docker stop -t ${least}, or terminationGracePeriodSeconds: ${least}`,
  );
  return checks;
}
