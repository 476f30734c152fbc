import {
  ContractError,
  cancelDrainRequest,
  clearDrainRequest,
  type DrainVerdict,
  isDrainHeld,
  MAX_AGE_SECONDS,
  MAX_REASON_LENGTH,
  writeDrainRequest,
} from '@hermes/drain-contract';
import type { Restart } from './restart.ts';
import { drainText, runningText } from './texts.ts';

/** Longest principal of a drain. */
const MAX_PRINCIPAL = 200;

/** What an operator's command did. */
export interface Operation {
  readonly reply: string;
  readonly result: 'ok' | 'refused';
  readonly requestId: string | null;
  readonly reason: string | null;
  /** The drain whose end the session is notified of. */
  readonly notifies?: string;
  /** Call it when the answer is stored. */
  proceed?(): void;
  /** Call it when the answer could not be stored: the message has no effect then. */
  undo?(): Promise<unknown>;
}

export interface OperationParts {
  readonly home: string;
  readonly restart: Restart;
  /** Who starts this process again; `undefined` if nobody does. */
  readonly supervisor: string | undefined;
  /** Maximum time of a turn, in ms. */
  readonly turnTimeout: number;
  running(): number;
  /** Reads the marker. */
  readVerdict(): DrainVerdict;
}

/** Changes the gateway on behalf of operators, through the same files as the dashboard. */
export class Operations {
  readonly #parts: OperationParts;

  constructor(parts: OperationParts) {
    this.#parts = parts;
  }

  /** @param id identifies the message: a repeated one begins no other drain. @throws ContractError */
  async drain(session: string, id: string, why: string): Promise<Operation> {
    const reason = why === '' ? undefined : why.slice(0, MAX_REASON_LENGTH);
    if (!(await this.#begin(session, id, reason))) return this.#heldByAnother(reason);
    const reply = `Draining: no new task starts. ${runningText(this.#parts.running())} /cancel ends the drain.`;
    return { reply, result: 'ok', requestId: id, reason: reason ?? null, undo: () => this.#clear(id) };
  }

  /** @throws ContractError */
  async cancel(): Promise<Operation> {
    this.#parts.restart.giveUp();
    const verdict = await cancelDrainRequest({ home: this.#parts.home });
    const requestId = verdict.request?.request_id ?? null;
    const reply = isDrainHeld(verdict) ? 'The drain is cancelled: new tasks start again.' : 'No drain is in force.';
    return { reply, result: 'ok', requestId, reason: null };
  }

  /** @throws ContractError */
  async restart(session: string, id: string): Promise<Operation> {
    const { restart, supervisor, turnTimeout, running, readVerdict } = this.#parts;
    if (supervisor === undefined) return refused(NO_SUPERVISOR);
    if (restart.isPending) return refused('A restart waits already for the running tasks. /cancel gives it up.');
    const maxAge = Math.min(MAX_AGE_SECONDS.max, Math.max(MAX_AGE_SECONDS.default, Math.ceil(turnTimeout / 1_000)));
    const isOurs = await this.#begin(session, id, 'restart', maxAge);
    const verdict = readVerdict();
    const requestId = isOurs ? id : verdict.request?.request_id;
    if (!requestId || !verdict.active) return this.#heldByAnother();
    const stays = isOurs ? '' : ` ${drainText(verdict.request)} It stays in force after the restart.`;
    return {
      reply: `Restarting when the running tasks have ended. ${runningText(running())}${stays} You get a message when I am back. /cancel gives it up.`,
      result: 'ok',
      requestId,
      reason: 'restart',
      notifies: requestId,
      proceed: () => restart.begin(),
      undo: async () => isOurs && this.#clear(id),
    };
  }

  /** @returns false if another drain is in force. */
  async #begin(session: string, id: string, reason: string | undefined, maxAgeSeconds?: number): Promise<boolean> {
    const principal = principalOf(session);
    try {
      await writeDrainRequest({ home: this.#parts.home, principal, reason, maxAgeSeconds, clientRequestId: id });
      return true;
    } catch (error) {
      if (error instanceof ContractError && error.code === 'request_held') return false;
      throw error;
    }
  }

  #heldByAnother(reason?: string): Operation {
    const verdict = this.#parts.readVerdict();
    const which = isDrainHeld(verdict) ? drainText(verdict.request) : 'Another drain is in force.';
    return { ...refused(`${which} /cancel ends it.`), reason: reason ?? null };
  }

  async #clear(requestId: string): Promise<void> {
    await clearDrainRequest({ home: this.#parts.home, requestId });
  }
}

/** Who asks, for the marker and the audit. */
export function principalOf(session: string): string {
  return `chat:${session}`.slice(0, MAX_PRINCIPAL);
}

function refused(reply: string): Operation {
  return { reply, result: 'refused', requestId: null, reason: null };
}

const NO_SUPERVISOR =
  'No supervisor runs this gateway: nothing would start it again. Restart it on the machine where it runs.';
