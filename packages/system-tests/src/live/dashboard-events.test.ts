import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { expect, test } from 'vitest';
import { Testbed } from './testbed.ts';
import { TurnGate } from './turn-gate.ts';

interface View {
  readonly gateway_state: string | null;
  readonly gateway_running: boolean;
  readonly active_agents: number | null;
  readonly safe_to_stop: boolean;
  readonly draining: boolean;
}

test('a drain can be followed from its beginning to the gateway that is killed and comes back', async () => {
  await using gate = await TurnGate.start();
  await using testbed = await Testbed.start({ agent: gate.agent });
  const { client } = testbed;
  const following = new AbortController();
  const views = follow(testbed, following.signal);
  const until = async (isIt: (view: View) => boolean): Promise<View> => {
    for (;;) {
      const { value, done } = await views.next();
      if (done) throw new Error('the events have ended');
      if (isIt(value)) return value;
    }
  };
  expect(await until((view) => view.gateway_state === 'running')).toMatchObject({ active_agents: 0, draining: false });
  const turn = client.say('anna', 'take your time');
  await until((view) => view.active_agents === 1);
  await client.beginDrain({ reason: 'update' });
  await until((view) => view.gateway_state === 'draining' && view.active_agents === 1 && !view.safe_to_stop);
  gate.open();
  await turn;
  await until((view) => view.safe_to_stop);
  await testbed.gateway.program.kill('SIGKILL');
  await until((view) => !view.gateway_running && view.draining);
  await client.cancelDrain();
  await testbed.startGateway();
  await until((view) => view.gateway_running && view.gateway_state === 'running');

  const ended = (async () => {
    while (!(await views.next()).done);
  })();
  await testbed.dashboard.program.kill('SIGTERM');
  await ended;
  following.abort();
});

/** The default profile in each event, as a program would follow them. */
async function* follow({ dashboard }: Testbed, signal: AbortSignal): AsyncGenerator<View> {
  const token = new URLSearchParams(new URL(dashboard.link).hash.slice(1)).get('token');
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${dashboard.url}/api/events`, { headers, signal });
  const arrived: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => arrived.push(message) });
  const text = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    parser.feed(text.decode(bytes as Uint8Array, { stream: true }));
    for (const { event, data } of arrived.splice(0)) {
      const value = JSON.parse(data);
      yield event === 'snapshot' ? value.profiles[0] : value;
    }
  }
}
