import type { ServiceManager, ServiceStatus } from '@hermes/drain-contract';
import { type Logger, withTimeout } from '@hermes/service-kit';
import type { ServiceView } from '../profiles/schemas.ts';

const POLL_MS = 1_000;

/** Of an answer that takes long, at most this share of the time goes to asking: systemd reads each unit that is down again. */
const SHARE = 1 / 20;
const MAX_POLL_MS = 10_000;

/** A service manager that does not answer within this time counts as unavailable. */
const PATIENCE_MS = 10_000;

/** The services of the gateways as they were last seen; none where there is no service manager. */
export class ServiceStatuses {
  readonly #manager: Pick<ServiceManager, 'list'> | undefined;
  readonly #logger: Logger;
  #seen: ReadonlyMap<string, ServiceView> = new Map();
  #timer: NodeJS.Timeout | undefined;
  #isAsking = false;
  /** When the timer may ask again, as `performance.now()` counts. */
  #notBefore = 0;
  #isTroubled = false;
  /** Called with the names of changed profiles; set by the watcher. */
  onChange: (name: string) => void = () => undefined;

  constructor(manager: Pick<ServiceManager, 'list'> | undefined, logger: Logger) {
    this.#manager = manager;
    this.#logger = logger;
  }

  start(): void {
    if (this.#manager === undefined) return;
    void this.poll();
    this.#timer = setInterval(() => {
      if (performance.now() >= this.#notBefore) void this.poll();
    }, POLL_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  of(name: string): ServiceView | null {
    return this.#seen.get(name) ?? null;
  }

  /** Asks the service manager, unless it has not answered yet. Never rejects. */
  async poll(): Promise<void> {
    if (this.#manager === undefined || this.#isAsking) return;
    this.#isAsking = true;
    const began = performance.now();
    try {
      this.#replace(await withTimeout(this.#manager.list(), PATIENCE_MS));
      this.#isTroubled = false;
    } catch (error) {
      if (!this.#isTroubled) this.#logger.warn({ err: error }, 'the service manager cannot list the gateways');
      this.#isTroubled = true;
      this.#replace([]);
    } finally {
      this.#isAsking = false;
      const now = performance.now();
      this.#notBefore = now + Math.min((now - began) / SHARE, MAX_POLL_MS) - POLL_MS;
    }
  }

  #replace(statuses: readonly ServiceStatus[]): void {
    const before = this.#seen;
    this.#seen = new Map(statuses.map((status) => [status.profile, serviceView(status)]));
    for (const name of new Set([...before.keys(), ...this.#seen.keys()])) {
      if (differ(before.get(name), this.#seen.get(name))) this.onChange(name);
    }
  }
}

function serviceView({ state, ready, pid, seconds, exit_code, signal }: ServiceStatus): ServiceView {
  return { state, ready, pid, seconds, exit_code, signal };
}

/** Elapsed seconds do not count as a difference. */
function differ(a: ServiceView | undefined, b: ServiceView | undefined): boolean {
  return JSON.stringify({ ...a, seconds: 0 }) !== JSON.stringify({ ...b, seconds: 0 });
}
