import { EventEmitter } from 'node:events';
import type { LifecycleState } from '@hermes/drain-contract';
import type { Agent } from '../agents/agent.ts';
import { EventHub } from '../events/event-hub.ts';
import { Gate } from '../gate/gate.ts';
import type { Journal } from '../journal/journal.ts';
import { EventComposer } from '../notices/event-composer.ts';
import { Notices } from '../notices/notices.ts';
import { StorageHealth } from '../storage/storage-health.ts';
import type { OnDrain } from '../turns/admission.ts';
import { TurnEngine } from '../turns/engine.ts';
import { LIMITS, type Limits } from '../turns/limits.ts';
import type { Submission } from '../turns/submission.ts';
import type { Turn } from '../turns/turn.ts';
import { openJournal } from './journals.ts';
import { ABSENT, activeVerdict } from './markers.ts';
import { quietLog } from './quiet-log.ts';

/** A marker probe whose verdict the test sets. Like the real one, it emits a change on a read. */
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

/**
 * An engine that accepts messages, behind a gate whose inputs the test sets; it resumes, as in a gateway, when a read finds a
 * drain over, and when the storage works again.
 */
export function engineWith(
  agent: Agent,
  journal: Journal = openJournal(),
  onDrain: OnDrain = 'refuse',
  limits: Partial<Limits> = {},
) {
  const parts = startingEngine(agent, journal, onDrain, limits);
  parts.engine.acceptMessages();
  return parts;
}

/** As {@link engineWith}, with an engine that does not take messages yet. */
export function startingEngine(
  agent: Agent,
  journal: Journal = openJournal(),
  onDrain: OnDrain = 'refuse',
  limits: Partial<Limits> = {},
) {
  const signs = new Signs();
  const storage = new StorageHealth();
  const gate = new Gate({
    state: () => signs.state,
    readVerdict: () => signs.look(),
    drain: () => 'request-1',
    storageProblem: () => signs.storageProblem ?? storage.problem,
  });
  const { log, errors } = quietLog();
  const hub = new EventHub(journal);
  const eventComposer = new EventComposer(hub, new Map());
  const notices = new Notices(journal, eventComposer, log);
  const all = { ...LIMITS, ...limits };
  const engine = new TurnEngine({ gate, agent, journal, eventComposer, notices, storage, onDrain, log, limits: all });
  signs.on('change', (draining) => {
    if (!draining) engine.resume();
  });
  storage.on('change', (problem) => {
    if (problem === undefined) engine.resume();
  });
  return { signs, gate, storage, engine, errors, journal, hub };
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
