import type { SlotStatus, Supervisor } from '../restart/supervisor.ts';

export function slotStatus(profile: string, changes: Partial<SlotStatus> = {}): SlotStatus {
  return {
    profile,
    slot: `/run/service/gateway-${profile}`,
    supervised: true,
    state: 'up',
    ready: true,
    wanted_up: true,
    pid: 100,
    seconds: 5,
    exit_code: null,
    signal: null,
    ...changes,
  };
}

/** A supervisor of one slot whose restarts end when the test says so. */
export class ScriptedSupervisor implements Supervisor {
  slot: SlotStatus;
  /** Thrown by every question, when set. */
  trouble: Error | undefined;
  restarts = 0;
  #end = Promise.withResolvers<SlotStatus>();

  constructor(profile = 'default') {
    this.slot = slotStatus(profile);
  }

  async status(): Promise<SlotStatus> {
    if (this.trouble) throw this.trouble;
    return this.slot;
  }

  async list(): Promise<SlotStatus[]> {
    return [await this.status()];
  }

  restart(): Promise<SlotStatus> {
    this.restarts += 1;
    this.#end = Promise.withResolvers();
    return this.#end.promise;
  }

  change(changes: Partial<SlotStatus>): void {
    this.slot = { ...this.slot, ...changes };
  }

  /** The restart that is in flight ends well. */
  succeed(): void {
    this.#end.resolve(this.slot);
  }

  fail(message: string): void {
    this.#end.reject(new Error(message));
  }
}
