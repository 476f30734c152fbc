import type { History, Violation } from './history.ts';
import { drainViolations } from './rules/drains.ts';
import { messageViolations } from './rules/messages.ts';
import { processViolations } from './rules/processes.ts';
import { runViolations } from './rules/runs.ts';
import { toldViolations } from './rules/told.ts';

/** Everything in a history that must not be. Pure. @param stopBoundMs how long a stop may take. */
export function findViolations(history: History, stopBoundMs: number): Violation[] {
  return [
    ...messageViolations(history),
    ...runViolations(history),
    ...drainViolations(history),
    ...toldViolations(history),
    ...processViolations(history, stopBoundMs),
  ];
}
