import { clearDrainRequest, readDrainRequest } from '@hermes/drain-contract';
import type { Logger } from '@hermes/service-kit';
import type { Gate } from '../gate/gate.ts';
import type { TurnStore } from '../journal/turn-store.ts';
import type { Lifecycle, Transition } from '../lifecycle/lifecycle.ts';
import { parseCommand } from './parse-command.ts';

/** A restart that waits, under a drain, until no turn runs. The end of the drain gives it up. */
export class Restart {
  readonly #gate: Gate;
  readonly #lifecycle: Lifecycle;
  readonly #due = Promise.withResolvers<void>();
  #pending: AbortController | undefined;

  constructor(gate: Gate, lifecycle: Lifecycle) {
    this.#gate = gate;
    this.#lifecycle = lifecycle;
  }

  /** Resolves when the process must end, to be started again. */
  get due(): Promise<void> {
    return this.#due.promise;
  }

  get isPending(): boolean {
    return this.#pending !== undefined;
  }

  /** Call it when a drain is in force. */
  begin(): void {
    if (this.#pending) return;
    const pending = new AbortController();
    const onTransition = ({ to }: Transition): void => {
      if (to !== 'draining') pending.abort();
    };
    this.#pending = pending;
    this.#lifecycle.on('transition', onTransition);
    void this.#untilIdle(pending.signal).finally(() => {
      this.#lifecycle.off('transition', onTransition);
      this.#pending = undefined;
    });
  }

  giveUp(): void {
    this.#pending?.abort();
  }

  async #untilIdle(signal: AbortSignal): Promise<void> {
    await this.#gate.whenIdle(signal).catch(() => undefined);
    // The drain may have ended just now.
    if (!signal.aborted && this.#gate.refusal('external')?.reason === 'draining') this.#due.resolve();
  }
}

/**
 * Ends the drain of a restart that an earlier process was asked for: its id is that of the turn that asked. Never
 * rejects: the drain can be cancelled by hand.
 */
export async function endRestartDrain(home: string, journal: Pick<TurnStore, 'find'>, log: Logger): Promise<void> {
  try {
    const requestId = readDrainRequest({ home })?.request_id;
    if (typeof requestId !== 'string' || requestId === '') return;
    const turn = await journal.find(requestId);
    if (turn?.conversation !== 'separate' || parseCommand(turn.text)?.name !== 'restart') return;
    await clearDrainRequest({ home, requestId });
    log.info({ request_id: requestId, session: turn.session }, 'restarted as asked; the drain for it has ended');
  } catch (error) {
    log.error({ err: error }, 'the drain of a restart could not be ended: cancel it with drainctl cancel');
  }
}
