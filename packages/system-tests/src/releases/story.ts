import { setTimeout as delay } from 'node:timers/promises';
import { readGatewayState, writeDesiredState, writeDrainRequest } from '@hermes/drain-contract';
import type { Installation } from '@hermes/local-stack';
import { Testbed } from '../live/testbed.ts';
import type { Recorder } from './recorder.ts';

const TURN_MS = 3_000;
const PATIENCE_MS = 60_000;

/** Has a real gateway and a real dashboard write every kind of file, and records each of them. */
export async function playStory(recorder: Recorder, installation: Installation): Promise<void> {
  await using testbed = await Testbed.start({ turn: TURN_MS, installation });
  const { home, client, gateway } = testbed;
  recorder.state('idle', home);

  const turn = client.say('anna', 'take your time');
  await until(home, { active_agents: 1 });
  recorder.state('busy', home);

  await client.beginDrain({ reason: 'new image', suppress_notification: true, max_age_seconds: 90 });
  recorder.marker('with-everything', home);
  await until(home, { gateway_state: 'draining', active_agents: 1 });
  recorder.state('draining', home);
  await client.beginDrain();
  recorder.marker('refreshed', home);

  await turn;
  await client.untilDrained();
  recorder.state('drained', home);
  await client.cancelDrain();
  await until(home, { gateway_state: 'running' });
  await client.beginDrain();
  recorder.marker('plain', home);
  await client.cancelDrain();

  await writeDrainRequest({ home, principal: 'Zoë "z" 世界 👋', epoch: '' });
  recorder.marker('without-an-epoch', home);
  await writeDrainRequest({ home, epoch: 'another-boot:1', reason: 'of another boot' });
  recorder.marker('of-another-boot', home);

  await gateway.program.stop();
  recorder.state('stopped', home);
  for (const intent of ['running', 'stopped'] as const) {
    await writeDesiredState(intent, { home });
    recorder.intent(intent, home);
  }
}

/** Waits until the gateway has published this. */
async function until(home: string, wanted: Readonly<Record<string, unknown>>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const state: Readonly<Record<string, unknown>> = readGatewayState({ home }) ?? {};
    if (Object.entries(wanted).every(([key, value]) => state[key] === value)) return;
    if (performance.now() > end) throw new Error(`the gateway has not published ${JSON.stringify(wanted)}`);
    await delay(20);
  }
}
