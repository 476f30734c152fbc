import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clearDrainRequest, writeDrainRequest } from '@hermes/drain-contract';
import { temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, it } from 'vitest';
import { type GatewayProcess, startGateway } from './testing/gateway-process.ts';
import { bodyOf } from './testing/http-gateway.ts';
import { type Answer, modelServer, saying, silence } from './testing/model-server.ts';

interface ChatMessage {
  readonly role: string;
  readonly content: string;
}

const SYSTEM = { role: 'system', content: 'You are Anna.\n\nBe brief.' };

function homeAsking(baseUrl: string, ...more: string[]): string {
  const home = temporaryDirectory();
  writeFileSync(join(home, 'SOUL.md'), '<!-- a note -->You are Anna.\n');
  const agent = ['agent:', '  kind: openai', `  base_url: ${baseUrl}`, '  model: m', '  system: Be brief.'];
  writeFileSync(join(home, 'config.yaml'), [...agent, ...more, ''].join('\n'));
  return home;
}

const exchange = (text: string, reply: string): ChatMessage[] => [
  { role: 'user', content: text },
  { role: 'assistant', content: reply },
];

const messagesIn = ({ body }: { readonly body: unknown }) => (body as { messages: ChatMessage[] }).messages;

async function say(gateway: GatewayProcess, text: string, session = 's'): Promise<void> {
  const response = await gateway.post({ session, text });
  expect([response.status, await bodyOf(response)]).toMatchObject([200, { status: 'done' }]);
}

async function stop(gateway: GatewayProcess): Promise<void> {
  gateway.kill('SIGTERM');
  await gateway.exited;
}

it('a session of 200 turns is sent whole, in order and once, over three restarts and a drain', async () => {
  const server = await modelServer(saying('Yes', '.'));
  const home = homeAsking(server.baseUrl, 'history:', '  turns: 1000');
  const past: ChatMessage[] = [];
  let gateway = await startGateway({ home });
  for (let number = 1; number <= 200; number += 1) {
    if ([50, 100].includes(number)) await stop(gateway);
    if (number === 150) gateway.kill('SIGKILL');
    if ([50, 100, 150].includes(number)) {
      await gateway.exited;
      gateway = await startGateway({ home });
    }
    if (number === 75) {
      await writeDrainRequest({ home });
      expect((await gateway.post({ session: 's', text: 'refused' })).status).toBe(503);
      await clearDrainRequest({ home });
      await eventually(() => expect(gateway.state?.gateway_state).toBe('running'));
    }
    if (number % 40 === 0) await say(gateway, `elsewhere ${number}`, 'other');
    await say(gateway, `message ${number}`);
    const asked = server.asked.at(-1) ?? { body: undefined };
    expect(messagesIn(asked)).toEqual([SYSTEM, ...past, { role: 'user', content: `message ${number}` }]);
    past.push(...exchange(`message ${number}`, 'Yes.'));
  }
  expect(server.asked).toHaveLength(205);
});

it('what was cut off is shown as such, a replayed turn sees the same history, and OpenAI requests stand alone', async () => {
  const answers: [Answer, ...Answer[]] = [saying('One.'), silence, silence, saying('Two.'), saying('Three.')];
  const server = await modelServer(...answers);
  const home = homeAsking(server.baseUrl, 'restart_drain_timeout: 0');
  const first = await startGateway({ home });
  await say(first, 'one');
  const cut = first.post({ session: 's', text: 'cut' }).catch(() => undefined);
  await server.untilAsked(2);
  await stop(first);
  await cut;
  const second = await startGateway({ home });
  const replayed = second.post({ session: 's', text: 'two', message_id: 'm2' }).catch(() => undefined);
  await server.untilAsked(3);
  second.kill('SIGKILL');
  await second.exited;
  await replayed;
  const third = await startGateway({ home });
  await server.untilAsked(4);
  const note =
    '[The answer was interrupted before it was complete: The gateway is stopping and interrupted this turn. Write again to resume.]';
  const seen = [SYSTEM, ...exchange('one', 'One.'), ...exchange('cut', note)];
  for (const asked of server.asked.slice(2))
    expect(messagesIn(asked)).toEqual([...seen, { role: 'user', content: 'two' }]);
  expect(await third.post({ session: 's', text: 'two', message_id: 'm2' }).then(bodyOf)).toMatchObject({
    reply: 'Two.',
  });
  const alone = await fetch(`${third.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hermes-session-id': 's' },
    body: JSON.stringify({ model: 'hermes', stream: true, messages: [{ role: 'user', content: 'alone' }] }),
  });
  expect(await alone.text()).toMatch(/\[DONE\]\s*$/);
  expect(messagesIn(server.asked.at(-1) ?? { body: undefined }).slice(-1)).toEqual([
    { role: 'user', content: 'alone' },
  ]);
  expect(messagesIn(server.asked.at(-1) ?? { body: undefined })).not.toContainEqual({ role: 'user', content: 'one' });
  await say(third, 'three');
  const last = messagesIn(server.asked.at(-1) ?? { body: undefined });
  expect(last).toEqual([...seen, ...exchange('two', 'Two.'), { role: 'user', content: 'three' }]);
});

it('history of 0 turns sends each message alone, with the instructions', async () => {
  const server = await modelServer(saying('Yes.'));
  const home = homeAsking(server.baseUrl, 'history:', '  turns: 0');
  const gateway = await startGateway({ home });
  await say(gateway, 'one');
  await say(gateway, 'two');
  expect(server.asked.map(messagesIn)).toEqual([
    [SYSTEM, { role: 'user', content: 'one' }],
    [SYSTEM, { role: 'user', content: 'two' }],
  ]);
});
