import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gatewayStatePath } from '@hermes/drain-contract';
import { gatewayState } from '../../../live/gateway-state.ts';

/** The state file of a gateway that has now these, now those turns in flight. */
export class TurnsFile {
  readonly #path: string;
  readonly #prepared: string;
  /** That it has said last; another number each time. */
  turns = 100_000;

  constructor(home: string) {
    this.#path = gatewayStatePath({ home });
    this.#prepared = join(home, 'prepared');
    mkdirSync(this.#prepared, { recursive: true });
    this.change();
  }

  /** One turn more. @returns the time of the change, by `performance.now()`. */
  change(): number {
    this.turns += 1;
    const prepared = join(this.#prepared, 'state');
    writeFileSync(prepared, JSON.stringify(gatewayState({ active_agents: this.turns })));
    renameSync(prepared, this.#path);
    return performance.now();
  }
}
