import type { Journal } from '../journal/journal.ts';
import { openJournal } from './journals.ts';

/** What can be called of a journal. */
type Call = Exclude<keyof Journal, 'commits' | 'fleet'>;

/** What goes wrong with the disk under a journal. */
export interface Trouble {
  /** How many of the next calls of a name fail. */
  readonly failures: Map<Call, number>;
  /** When they fail. */
  until: Promise<void>;
  /** How they fail. */
  error: Error;
}

/** A journal with failures that the test sets. */
export function failingJournal(journal: Journal = openJournal()): { journal: Journal; trouble: Trouble } {
  const trouble: Trouble = {
    failures: new Map(),
    until: Promise.resolve(),
    error: new Error('the disk is full'),
  };
  const fail = async (): Promise<never> => {
    await trouble.until;
    throw trouble.error;
  };
  const proxy = new Proxy(journal, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        const left = trouble.failures.get(name as Call) ?? 0;
        trouble.failures.set(name as Call, left - 1);
        return left > 0 ? fail() : (value.apply(target, given) as unknown);
      };
    },
  });
  return { journal: proxy, trouble };
}
