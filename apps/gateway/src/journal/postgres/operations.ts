import { NO_SUCH_TURN } from '../turn-store.ts';
import { toStored } from './stored-text.ts';
import type { Applied, Operation } from './writer.ts';

export interface OperationsParts {
  write(operation: Operation): Promise<Applied>;
  /** The owner of the turns of this gateway. @throws Error while there is none. */
  owner(): string;
  /** Whether this gateway has this owner now. */
  isOwner(owner: string): boolean;
  /** What other gateways should know of a write that was committed. */
  onCommitted(operation: Operation, result: Applied['result']): void;
}

/** An operation on a turn. */
interface TurnOperation extends Operation {
  readonly id: string;
}

/** The writes of the stores. */
export class Operations {
  readonly #parts: OperationsParts;

  constructor(parts: OperationsParts) {
    this.#parts = parts;
  }

  /** @throws Error while this gateway has no owner, because it is not connected. */
  owner(): string {
    return this.#parts.owner();
  }

  /** Whether the turns that a write has started belong to this process: it has not lost them since. */
  owns({ owner }: Applied): boolean {
    return this.#parts.isOwner(owner);
  }

  /** Resolves after the commit. */
  async run(operation: Operation): Promise<Applied> {
    const applied = await this.#parts.write(operation);
    this.#parts.onCommitted(operation, applied.result);
    return applied;
  }

  /** The same for a turn of this gateway. @throws Error with the code NO_SUCH_TURN and the message `otherwise`. */
  async ofTurn(operation: TurnOperation, otherwise: string): Promise<Applied> {
    const applied = await this.run({ ...operation, id: toStored(operation.id) });
    if (applied.result.code === NO_SUCH_TURN) throw Object.assign(new Error(otherwise), { code: NO_SUCH_TURN });
    return applied;
  }
}
