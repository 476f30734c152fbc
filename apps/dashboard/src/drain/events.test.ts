import { writeFile } from 'node:fs/promises';
import {
  clearDrainRequest,
  drainRequestPath,
  formatIsoDateTime,
  writeDrainRequest,
  writeGatewayState,
} from '@hermes/drain-contract';
import { expect, test } from 'vitest';
import { ProfileReader } from '../profiles/read.ts';
import type { ProfileView } from '../profiles/schemas.ts';
import { readProfileStatus } from '../status/read.ts';
import { answerDrain, gatewayState, turnInFlight } from '../testing/gateway.ts';
import { temporaryHome } from '../testing/home.ts';
import { messageOf } from '../webhook/message.ts';
import { drainEvents } from './events.pure.ts';

function rig() {
  const home = temporaryHome();
  const reader = new ProfileReader({ home, serviceOf: () => null, restartOf: () => null });
  let before: ProfileView | undefined;
  const types = () => {
    const profile = { name: 'default', home };
    const after = reader.view(profile, readProfileStatus(profile), before && (before.request?.identity ?? null));
    const events = drainEvents(before, after);
    before = after;
    return events;
  };
  return { home, look: () => types().map(({ type }) => type), events: types };
}

test('a drain that is drained and cancelled emits each event once', async () => {
  const { home, look } = rig();
  await writeGatewayState(gatewayState({ active_agents: 1 }), { home });
  expect(look()).toEqual([]);
  await writeDrainRequest({ home });
  await answerDrain(home, 1);
  expect(look()).toEqual(['drain.begun']);
  await answerDrain(home);
  expect([look(), look()]).toEqual([['drain.drained'], []]);
  await clearDrainRequest({ home });
  expect([look(), look()]).toEqual([['drain.cancelled'], []]);
});

test('a drain that expires emits expired; its later removal emits nothing', async () => {
  const { home, look } = rig();
  await writeDrainRequest({ home, maxAgeSeconds: 1 });
  expect(look()).toEqual(['drain.begun']);
  await expect.poll(look).toEqual(['drain.expired']);
  await clearDrainRequest({ home });
  expect(look()).toEqual([]);
});

test('a drain in the place of another one ends that', async () => {
  const { home, look } = rig();
  await writeDrainRequest({ home });
  await answerDrain(home);
  expect(look()).toEqual(['drain.begun', 'drain.drained']);
  await clearDrainRequest({ home });
  await writeDrainRequest({ home });
  await answerDrain(home);
  expect(look()).toEqual(['drain.cancelled', 'drain.begun', 'drain.drained']);
});

/** Begins or refreshes a drain as the reference system does, which knows no ids. */
async function writeNameless(home: string, second: number): Promise<void> {
  const requested_at = formatIsoDateTime(Date.now() - 60_000 + second * 1_000);
  await writeFile(drainRequestPath({ home }), JSON.stringify({ action: 'drain', requested_at }));
}

test('a drain without an id is drained once, however often it is refreshed; a cancel and a new begin are two', async () => {
  const { home, look } = rig();
  await writeNameless(home, 0);
  await answerDrain(home);
  expect(look()).toEqual(['drain.begun', 'drain.drained']);
  for (const second of [1, 2, 3]) {
    await writeNameless(home, second);
    expect(look()).toEqual([]);
    await answerDrain(home);
    expect(look()).toEqual([]);
  }
  await clearDrainRequest({ home });
  expect(look()).toEqual(['drain.cancelled']);
  await writeNameless(home, 4);
  await answerDrain(home);
  expect(look()).toEqual(['drain.begun', 'drain.drained']);
});

test('an announced drain emits begun and its end', async () => {
  const { home, look } = rig();
  await writeDrainRequest({ home, leadSeconds: 60 });
  expect([look(), look()]).toEqual([['drain.begun'], []]);
  await writeDrainRequest({ home });
  expect(look()).toEqual([]);
  await clearDrainRequest({ home });
  expect(look()).toEqual(['drain.cancelled']);
});

test('after the end of a drain it is not safe to stop', async () => {
  const { home, events } = rig();
  const { request_id } = await writeDrainRequest({ home });
  await answerDrain(home);
  expect(events()).toMatchObject([{ type: 'drain.begun' }, { type: 'drain.drained', view: { safe_to_stop: true } }]);
  await clearDrainRequest({ home });
  expect(events()).toMatchObject([{ type: 'drain.cancelled', view: { safe_to_stop: false, request: { request_id } } }]);
  await writeDrainRequest({ home, maxAgeSeconds: 1 });
  await answerDrain(home);
  expect(events()).toMatchObject([{ type: 'drain.begun' }, { type: 'drain.drained' }]);
  const expired: ReturnType<typeof events> = [];
  await expect.poll(() => expired.push(...events())).toBe(1);
  expect(expired).toMatchObject([{ type: 'drain.expired', view: { safe_to_stop: false } }]);
});

test('each stalled turn emits one event', async () => {
  const { home, events } = rig();
  const [one, two] = [turnInFlight('1'), turnInFlight('2')];
  const write = (...active_work: (typeof one)[]) =>
    writeGatewayState(gatewayState({ active_work, active_agents: 2 }), { home });
  await write(one, two);
  expect(events()).toEqual([]);
  await write({ ...one, stalled: true }, two);
  expect(events()).toMatchObject([{ type: 'turn.stalled', turn: { id: '1' } }]);
  await write({ ...one, stalled: true }, { ...two, stalled: true });
  expect(events()).toMatchObject([{ type: 'turn.stalled', turn: { id: '2' } }]);
});

test('the same event has the same id in every dashboard; another event has another id', async () => {
  const { home, events } = rig();
  await writeDrainRequest({ home });
  await answerDrain(home);
  const [, first] = events();
  const [, again] = drainEvents(undefined, first?.view as ProfileView);
  const id = (event: typeof first, now: number) => messageOf(event as NonNullable<typeof first>, now).id;
  expect(id(again, 2)).toBe(id(first, 1));
  await clearDrainRequest({ home });
  const [cancelled] = events();
  expect(id(cancelled, 1)).not.toBe(id(first, 1));
});
