import { expect, test } from 'vitest';
import type { History } from '../history.ts';
import { forge, life } from './forged-history.ts';
import { processViolations } from './processes.ts';

const BOUND_MS = 500;
const rulesOf = (changes: Partial<History>) => processViolations(forge(changes), BOUND_MS).map(({ rule }) => rule);
const asked = { signal: 'SIGTERM', at: 600 };
const homeAway = { name: 'home-away', detail: '', from: 0, to: 10 };

test.each<[what: string, changes: Partial<History>]>([
  ['still runs', {}],
  ['was killed', { lives: [life()] }],
  ['crashed, and is started again', { lives: [life({ exit: 1 }), life({ exit: 'SIGSEGV' }), life({ exit: 75 })] }],
  ['ends by SIGTERM in time', { lives: [life({ exit: 'SIGTERM', asked })] }],
  ['fails to start, and is asked to stop meanwhile', { lives: [life({ readyAt: undefined, exit: 75, asked })] }],
  ['needs a person while its home is not there', { lives: [life({ exit: 78 })], faults: [homeAway] }],
])('no violation: a program that %s', (_what, changes) => {
  expect(rulesOf(changes)).toEqual([]);
});

test.each<[rule: string, what: string, changes: Partial<History>]>([
  ['would-stay-down', 'a gateway that needs a person', { lives: [life({ exit: 78 })] }],
  ['would-stay-down', 'a dashboard that needs a person', { lives: [life({ program: 'dashboard', exit: 78 })] }],
  [
    'would-stay-down',
    'a person needed after the fault',
    { lives: [life({ exit: 78, startedAt: 11 })], faults: [homeAway] },
  ],
  ['slow-stop', 'a stop that takes too long', { lives: [life({ exit: 'SIGTERM', asked: { ...asked, at: 499 } })] }],
  ['ended-otherwise', 'a stop that ends by an exit code', { lives: [life({ exit: 0, asked })] }],
  ['ended-otherwise', 'a stop that ends by another signal', { lives: [life({ exit: 'SIGSEGV', asked })] }],
  [
    'ended-otherwise',
    'a running gateway that is asked to stop and says "again later"',
    { lives: [life({ exit: 75, asked })] },
  ],
  ['never-came', 'a wait without an end', { missed: [{ at: 1, what: 'the gateway did not become ready' }] }],
])('%s: %s', (rule, _what, changes) => {
  expect(rulesOf(changes)).toEqual([rule]);
});
