import {
  ContractError,
  clearDrainRequest,
  formatIsoDateTime,
  isDrainHeld,
  type Profile,
  ServiceError,
  type ServiceManager,
  type ServiceStatus,
} from '@hermes/drain-contract';
import { type Logger, withTimeout } from '@hermes/service-kit';
import { ProblemError } from '@hermes/service-kit/http';
import type { RestartView } from '../profiles/schemas.ts';
import { type ProfileStatus, readProfileStatus } from '../status/read.ts';
import { statusView } from '../status/view.ts';

/** How long a restart may take beyond the gateway's drain timeout, in ms. */
const PATIENCE_MS = 300_000;
const DEFAULT_DRAIN_SECONDS = 30;

const LOOK_MS = 500;

/** The part of the service manager that a restart uses. */
export type RestartManager = Pick<ServiceManager, 'status' | 'restart'>;

/** The options of a restart. */
export interface RestartRequest {
  /** Restart even if this interrupts turns. */
  readonly force: boolean;
  /** Whether the drain in force stays in force after the restart. */
  readonly keepDrain: boolean;
}

/** Restarts gateways through the service manager, one at a time for each profile. */
export class Restarts {
  readonly #manager: RestartManager | undefined;
  readonly #logger: Logger;
  readonly #views = new Map<string, RestartView>();
  readonly #inFlight = new Set<string>();
  /** Called with the name of a profile whose restart changes its state; set by the watcher. */
  onChange: (name: string) => void = () => undefined;

  constructor(manager: RestartManager | undefined, logger: Logger) {
    this.#manager = manager;
    this.#logger = logger;
  }

  of(name: string): RestartView | null {
    return this.#views.get(name) ?? null;
  }

  /**
   * Begins a restart, which continues in the background. When the gateway is ready again, the drain that was in force
   * ends, unless `keepDrain` is set.
   * @throws ProblemError 409 if it would interrupt turns or a restart is in flight, 501 or 503 if it is not possible.
   */
  async begin(profile: Profile, { force, keepDrain }: RestartRequest): Promise<RestartView> {
    const { name } = profile;
    const manager = this.#manager;
    if (manager === undefined) throw noSupervisor(name);
    if (this.#inFlight.has(name)) throw inFlight(name);
    this.#inFlight.add(name);
    try {
      const service = await askedOf(name, manager.status(name));
      if (service.state === 'not-registered') throw noSupervisor(name);
      const status = readProfileStatus(profile);
      if (!force && !status.safeToStop) throw notSafe(status);
      const view = this.#enter(name, 'stopping');
      const endDrain = async () => {
        const { verdict } = status;
        if (!keepDrain && isDrainHeld(verdict)) await endOf(profile, verdict.request.request_id ?? undefined);
      };
      void this.#run(manager, service, drainSeconds(status), endDrain);
      return view;
    } catch (error) {
      this.#inFlight.delete(name);
      throw error;
    }
  }

  async #run(
    manager: RestartManager,
    before: ServiceStatus,
    seconds: number,
    endDrain: () => Promise<void>,
  ): Promise<void> {
    const { profile: name } = before;
    const look = setInterval(() => void this.#look(manager, before), LOOK_MS).unref();
    try {
      const after = await withTimeout(manager.restart(name), seconds * 1_000 + PATIENCE_MS);
      if (!after.ready) throw new Error(`it is ${after.state}, but not ready`);
      await endDrain();
      this.#enter(name, 'ready');
      this.#logger.info({ profile: name }, 'gateway restarted');
    } catch (error) {
      this.#enter(name, 'failed', withoutPaths((error as Error).message));
      this.#logger.error({ profile: name, err: error }, 'gateway restart failed');
    } finally {
      clearInterval(look);
      this.#inFlight.delete(name);
    }
  }

  /** Whether the old process is gone. */
  async #look(manager: RestartManager, before: ServiceStatus): Promise<void> {
    const { profile: name, pid } = before;
    const now = await manager.status(name).catch(() => undefined);
    const isGone =
      now && (now.state === 'starting' || now.state === 'stopped' || (now.pid !== null && now.pid !== pid));
    if (isGone && this.#inFlight.has(name) && this.#views.get(name)?.state === 'stopping')
      this.#enter(name, 'starting');
  }

  #enter(name: string, state: RestartView['state'], error: string | null = null): RestartView {
    const view = { state, since: formatIsoDateTime(Date.now()), error };
    this.#views.set(name, view);
    this.onChange(name);
    return view;
  }
}

/** Ends the drain `requestId` and leaves a newer drain in force. */
async function endOf({ home }: Profile, requestId: string | undefined): Promise<void> {
  try {
    await clearDrainRequest({ home, requestId });
  } catch (error) {
    if (!(error instanceof ContractError) || error.code !== 'request_mismatch') throw error;
  }
}

/** Paths stay in the log; clients do not see them. */
function withoutPaths(message: string): string {
  return message.replace(/(?<![\w.:/])\/[^\s'"`,;()]+/g, (path) => `…/${path.slice(path.lastIndexOf('/') + 1)}`);
}

async function askedOf(name: string, answer: Promise<ServiceStatus>): Promise<ServiceStatus> {
  try {
    return await answer;
  } catch (error) {
    if (isUnknownTo(error)) throw noSupervisor(name);
    const detail = withoutPaths((error as Error).message);
    throw new ProblemError(503, 'supervisor-failed', 'The supervisor does not answer', detail);
  }
}

/** Whether `error` means that no service manager supervises the gateway. */
function isUnknownTo(error: unknown): boolean {
  return error instanceof ServiceError && (error.kind === 'unavailable' || error.kind === 'not_registered');
}

function drainSeconds({ gateway }: ProfileStatus): number {
  return gateway.state?.restart_drain_timeout ?? DEFAULT_DRAIN_SECONDS;
}

function noSupervisor(name: string): ProblemError {
  const detail = `Expected a supervised gateway; no supervisor here runs ${name}. Restart it on the machine or in the container where it runs.`;
  return new ProblemError(501, 'no-supervisor', 'No supervisor', detail);
}

function inFlight(name: string): ProblemError {
  const detail = `A restart of the gateway ${name} is in flight: wait until its state is ready or failed.`;
  return new ProblemError(409, 'restart-in-flight', 'A restart is in flight', detail);
}

function notSafe(status: ProfileStatus): ProblemError {
  const { active_agents, active_work, gateway_running } = statusView(status);
  const detail = gateway_running
    ? `${active_agents ?? 'An unknown number of'} ${active_agents === 1 ? 'turn' : 'turns'} in flight. Begin a drain and wait until it is safe to stop, or set force.`
    : 'Expected a live gateway; found none, so it is unknown whether it is safe to stop. Set force.';
  const extensions = { turns: { active_agents, active_work } };
  return new ProblemError(409, 'not-safe-to-stop', 'Not safe to stop', detail, { extensions });
}
