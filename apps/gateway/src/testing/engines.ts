import { EventEmitter } from 'node:events';
import type { LifecycleState } from '@hermes/drain-contract';
import type { Agent } from '../agents/agent.ts';
import { Gate } from '../gate/gate.ts';
import { type Submission, TurnEngine } from '../turns/engine.ts';
import type { Turn } from '../turns/turn.ts';
import { ABSENT, activeVerdict } from './markers.ts';
import { quietLog } from './quiet-log.ts';

/** What a marker says, told by the test. Like the real one it tells of a change when somebody looks. */
export class Signs extends EventEmitter<{ change: [boolean] }> {
  state: LifecycleState = 'running';
  draining = false;
  #seen = false;

  look() {
    if (this.draining !== this.#seen) {
      this.#seen = this.draining;
      this.emit('change', this.draining);
    }
    return this.draining ? activeVerdict() : ABSENT;
  }
}

/** An engine behind a gate whose signs the test sets; it resumes, as in a gateway, when a look finds a drain over. */
export function engineWith(agent: Agent) {
  const signs = new Signs();
  const gate = new Gate({ state: () => signs.state, look: () => signs.look() });
  const { log, errors } = quietLog();
  const engine = new TurnEngine(gate, agent, log);
  signs.on('change', (draining) => {
    if (!draining) engine.resume();
  });
  return { signs, gate, engine, errors };
}

/** The turn of a message that must have been accepted. */
export function accepted(submission: Submission): Turn {
  if (submission.kind !== 'accepted') throw new Error(`expected an accepted message, it was ${submission.kind}`);
  return submission.turn;
}

/** Sends a message that must be accepted. */
export function say(engine: TurnEngine, text: string, session = 's', messageId?: string): Turn {
  return accepted(engine.submit({ session, text, messageId, kind: 'external' }));
}
