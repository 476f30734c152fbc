import { EventEmitter } from 'node:events';
import type { LifecycleState } from '@hermes/drain-contract';
import type { Agent } from '../agents/agent.ts';
import { EventHub } from '../events/event-hub.ts';
import { Gate } from '../gate/gate.ts';
import type { Journal } from '../journal/journal.ts';
import { Announcer } from '../notices/announcer.ts';
import { Notices } from '../notices/notices.ts';
import { type OnDrain, type Submission, TurnEngine } from '../turns/engine.ts';
import type { Turn } from '../turns/turn.ts';
import { openJournal } from './journals.ts';
import { ABSENT, activeVerdict } from './markers.ts';
import { quietLog } from './quiet-log.ts';

/** What a marker says, told by the test. Like the real one it tells of a change when somebody looks. */
export class Signs extends EventEmitter<{ change: [boolean] }> {
  state: LifecycleState = 'running';
  draining = false;
  storageProblem: string | undefined;
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
export function engineWith(agent: Agent, journal: Journal = openJournal(), onDrain: OnDrain = 'refuse') {
  const signs = new Signs();
  const gate = new Gate({
    state: () => signs.state,
    look: () => signs.look(),
    storageProblem: () => signs.storageProblem,
  });
  const { log, errors } = quietLog();
  const hub = new EventHub(journal);
  const announcer = new Announcer(hub, new Map());
  const notices = new Notices(journal, announcer, log);
  const engine = new TurnEngine({ gate, agent, journal, announcer, notices, onDrain, log });
  signs.on('change', (draining) => {
    if (!draining) engine.resume();
  });
  return { signs, gate, engine, errors, journal, hub };
}

/** The turn of a message that must have been accepted. */
export function accepted(submission: Submission): Turn {
  if (submission.kind !== 'accepted') throw new Error(`expected an accepted message, it was ${submission.kind}`);
  return submission.turn;
}

/** Sends a message that must be accepted. */
export async function say(engine: TurnEngine, text: string, session = 's', messageId?: string): Promise<Turn> {
  return accepted(await engine.submit({ session, text, messageId, kind: 'external' }));
}
