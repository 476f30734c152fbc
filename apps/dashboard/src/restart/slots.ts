import type { Logger } from '@hermes/service-kit';
import type { SlotView } from '../profiles/schemas.ts';
import type { SlotStatus, Supervisor } from './supervisor.ts';
import { within } from './within.ts';

const POLL_MS = 1_000;

/** A supervisor that says nothing for so long has nothing to tell. */
const PATIENCE_MS = 10_000;

/** The slots of the supervisor as they were last seen; none where there is no supervisor. */
export class Slots {
  readonly #supervisor: Supervisor | undefined;
  readonly #logger: Logger;
  #seen: ReadonlyMap<string, SlotView> = new Map();
  #timer: NodeJS.Timeout | undefined;
  #isAsking = false;
  #isTroubled = false;
  /** Told which profiles changed; set by whoever watches. */
  onChange: (name: string) => void = () => undefined;

  constructor(supervisor: Supervisor | undefined, logger: Logger) {
    this.#supervisor = supervisor;
    this.#logger = logger;
  }

  start(): void {
    if (this.#supervisor === undefined) return;
    void this.poll();
    this.#timer = setInterval(() => void this.poll(), POLL_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  of(name: string): SlotView | null {
    return this.#seen.get(name) ?? null;
  }

  /** Asks the supervisor, unless it has not answered yet. Never rejects. */
  async poll(): Promise<void> {
    if (this.#supervisor === undefined || this.#isAsking) return;
    this.#isAsking = true;
    try {
      this.#replace(await within(PATIENCE_MS, this.#supervisor.list()));
      this.#isTroubled = false;
    } catch (error) {
      if (!this.#isTroubled) this.#logger.warn({ err: error }, 'the supervisor does not tell its slots');
      this.#isTroubled = true;
      this.#replace([]);
    } finally {
      this.#isAsking = false;
    }
  }

  #replace(slots: readonly SlotStatus[]): void {
    const before = this.#seen;
    this.#seen = new Map(slots.map((slot) => [slot.profile, slotView(slot)]));
    for (const name of new Set([...before.keys(), ...this.#seen.keys()])) {
      if (differ(before.get(name), this.#seen.get(name))) this.onChange(name);
    }
  }
}

function slotView({ state, ready, pid, seconds, exit_code, signal }: SlotStatus): SlotView {
  return { state, ready, pid, seconds, exit_code, signal };
}

/** Time that passes is no difference. */
function differ(a: SlotView | undefined, b: SlotView | undefined): boolean {
  return JSON.stringify({ ...a, seconds: 0 }) !== JSON.stringify({ ...b, seconds: 0 });
}
