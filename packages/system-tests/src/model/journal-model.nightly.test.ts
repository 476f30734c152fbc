import { fileURLToPath } from 'node:url';
import { lacking, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, test } from 'vitest';
import { checkModel, hasSpin, type ModelResult } from './spin.ts';

const MODEL = fileURLToPath(new URL('journal.pml', import.meta.url));

/** Number of faults in a run; more than two would need a model in which all gateways fail. */
const FAULTS = Number(process.env.HERMES_MODEL_FAULTS || 2);
/** The search for cycles needs four times as long: by default with one fault less. */
const CYCLE_FAULTS = Number(process.env.HERMES_MODEL_FAULTS || 1);

/** What the protocol relies on, and the property (see the model) that fails without it. */
const GUARDS: readonly { readonly without: readonly string[]; readonly fails: string }[] = [
  { without: ['NO_UNIQUE_INDEX', 'NO_SESSION_LOCK'], fails: 'P1' },
  { without: ['NO_SESSION_LOCK'], fails: 'P4' },
  { without: ['NO_MESSAGE_INDEX'], fails: 'P3' },
  { without: ['NO_ORDER'], fails: 'P4' },
  { without: ['NO_FENCE'], fails: 'P6' },
  { without: ['NO_STATUS_CHECK'], fails: 'P2' },
  { without: ['NO_REGISTRATION_CHECK'], fails: 'P7' },
  { without: ['NO_GRACE'], fails: 'P6' },
  { without: ['NO_RECHECK'], fails: 'P6' },
  { without: ['NO_ABORT'], fails: 'P6' },
  { without: ['NO_FRESH_OWNER'], fails: 'P7' },
  { without: ['NO_GIVE_BACK'], fails: 'P7' },
  { without: ['NO_REPLAY_LIMIT'], fails: 'P5' },
];

describe.skipIf(lacking('spin and gcc (apt-get install spin gcc)', hasSpin()))(
  'the model of the shared journal',
  () => {
    const timeout = 1_000_000;

    test(`has no run with up to ${FAULTS} faults that breaks a property`, { timeout }, () => {
      const { states, failure } = check({ FAULTS: String(FAULTS) });
      console.info(`${states} states with up to ${FAULTS} faults, all properties hold`);
      expect(failure).toBeUndefined();
    });

    test(`has no run with up to ${CYCLE_FAULTS} faults that never ends`, { timeout }, () => {
      const { states, failure } = check({ FAULTS: String(CYCLE_FAULTS) }, true);
      console.info(`${states} states with up to ${CYCLE_FAULTS} faults, no cycle`);
      expect(failure).toBeUndefined();
    });

    test.each(GUARDS)('breaks $fails $without', { timeout }, ({ without, fails }) => {
      const { states, failure } = check(Object.fromEntries(without.map((guard) => [guard, '1'])));
      console.info(`${states} states until ${fails} fails with ${without.join(' and ')}`);
      expect(failure).toMatch(new RegExp(`\\bno_${fails}\\b`));
    });

    test('needs the unique index of running turns only as a second line of defence', { timeout }, () => {
      const { states, failure } = check({ FAULTS: '1', NO_UNIQUE_INDEX: '1' });
      console.info(`${states} states without the unique index, all properties hold`);
      expect(failure).toBeUndefined();
    });
  },
);

function check(define: Readonly<Record<string, string>>, cycles = false): ModelResult {
  return checkModel({ model: MODEL, directory: temporaryDirectory(), define, cycles });
}
