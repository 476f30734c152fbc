import { expect, test } from 'vitest';
import { amount } from '../amount.ts';
import { Crowd } from './crowd.ts';
import { drainCycle } from './drain-cycle.ts';
import { Testbed } from './testbed.ts';

const CYCLES = amount('HERMES_CYCLES', 100, 400);
const CLIENTS = 8;

test(`no message sent under a drain is accepted in ${CYCLES} cycles with ${CLIENTS} clients`, {
  timeout: 210_000,
}, async () => {
  await using testbed = await Testbed.start();
  await using crowd = new Crowd(testbed.gateway.url, CLIENTS);
  const { client } = testbed;
  let [accepted, refused] = [0, 0];
  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    const outcome = await drainCycle(client, crowd);
    expect(outcome.slipped).toEqual([]);
    accepted += outcome.accepted;
    refused += outcome.refused;
  }
  console.info(`${CYCLES} drains, ${accepted} messages accepted, ${refused} refused`);
  expect(accepted).toBeGreaterThan(CYCLES);
  expect(refused).toBeGreaterThan(CYCLES);
});
