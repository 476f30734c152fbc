import { onTestFinished, vi } from 'vitest';
import type { OnDrain } from '../turns/admission.ts';
import { engineWith } from './engines.ts';
import { failingJournal } from './failing-journal.ts';
import { movedOn } from './moved-on.ts';
import { ScriptedAgent } from './scripted-agent.ts';

/** An engine on a journal with failures that the test sets. */
export function troubledEngine(onDrain: OnDrain = 'queue') {
  const agent = new ScriptedAgent();
  const { journal, trouble } = failingJournal();
  const parts = engineWith(agent, journal, onDrain);
  const submit = (text: string, session = 's', messageId?: string) =>
    parts.engine.submit({ session, text, messageId, kind: 'external' });
  /** Ends a call of the agent, and waits for what follows from that. */
  const endCall = async (index: number) => {
    agent.call(index).end();
    await movedOn();
  };
  return { ...parts, agent, trouble, failures: trouble.failures, submit, endCall };
}

/** Timers that the test moves; the event loop runs as usual. */
export function heldTimers(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
}
