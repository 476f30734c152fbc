import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { readGatewayState } from '@hermes/drain-contract';
import { GATEWAY_SCRIPT } from '@hermes/local-stack';
import { ChatOpenAI } from '@langchain/openai';
import { generateText, streamText } from 'ai';
import OpenAI from 'openai';
import OpenAI6 from 'openai-6';
import { expect, onTestFinished, test } from 'vitest';
import { Testbed } from './testbed.ts';
import { freePort } from './torture/free-port.ts';
import { TurnGate } from './turn-gate.ts';

/** Asks one thing, as the library does by itself: with its own retries. @returns the answer. */
type Ask = (baseURL: string, content: string, timeout: number) => Promise<string>;

const apiKey = 'none';
const model = 'hermes';

function officialClient(Client: typeof OpenAI | typeof OpenAI6, stream: boolean): Ask {
  return async (baseURL, content, timeout) => {
    const client = new Client({ baseURL, apiKey, timeout }) as OpenAI;
    const messages = [{ role: 'user' as const, content }];
    if (!stream) {
      return (await client.chat.completions.create({ model, messages })).choices[0]?.message.content ?? '';
    }
    let text = '';
    for await (const chunk of await client.chat.completions.create({ model, messages, stream })) {
      text += chunk.choices[0]?.delta.content ?? '';
    }
    return text;
  };
}

const CLIENTS: Record<string, Ask> = {
  'openai 7': officialClient(OpenAI, false),
  'openai 7, streamed': officialClient(OpenAI, true),
  'openai 6': officialClient(OpenAI6, false),
  ai: async (baseURL, prompt) =>
    (await generateText({ model: createOpenAICompatible({ name: 'h', baseURL })(model), prompt })).text,
  'ai, streamed': async (baseURL, prompt) => {
    const errors: unknown[] = [];
    const onError = ({ error }: { error: unknown }) => void errors.push(error);
    const { textStream } = streamText({
      model: createOpenAICompatible({ name: 'h', baseURL })(model),
      prompt,
      onError,
    });
    let text = '';
    for await (const piece of textStream) text += piece;
    if (errors.length > 0) throw errors[0];
    return text;
  },
  LangChain: async (baseURL, content, timeout) =>
    (await new ChatOpenAI({ apiKey, model, timeout, configuration: { baseURL } }).invoke(content)).text,
};

/** The official client and those built on it give up after a time of their own, and ask again. */
const WITH_TIMEOUT = ['openai 7', 'openai 7, streamed', 'openai 6', 'LangChain'];

/** A gateway whose agent is a shell script, which notes each of its runs. */
async function testbedWith(script: string) {
  const notes = await mkdtemp(join(tmpdir(), 'asked-once-'));
  onTestFinished(() => rm(notes, { recursive: true }));
  const runs = join(notes, 'runs');
  const command = JSON.stringify(['sh', '-c', `echo run >> ${runs}; cat >/dev/null; ${script}`]);
  const testbed = await Testbed.start({ dashboard: false, agent: `{ kind: command, command: ${command} }` });
  return { testbed, runs: async () => (await readFile(runs, 'utf8')).split('\n').length - 1 };
}

test.each(Object.entries(CLIENTS))('a client of %s whose turn fails does not run it again', async (_name, ask) => {
  const { testbed, runs } = await testbedWith('exit 3');
  await using _testbed = testbed;
  await expect(ask(`${testbed.gateway.url}/v1`, 'hello', 60_000)).rejects.toThrow(/command/i);
  expect(await runs()).toBe(1);
});

test.each(WITH_TIMEOUT)('a client of %s that gives up before the turn ends gets its answer', async (name) => {
  const { testbed, runs } = await testbedWith('sleep 4; echo done');
  await using _testbed = testbed;
  // It takes three tries: the first two have no answer in time.
  const answer = CLIENTS[name]?.(`${testbed.gateway.url}/v1`, 'hello', 1_500);
  await expect(answer).resolves.toContain('done');
  expect(await runs()).toBe(1);
});

test('a client whose gateway is killed gets the answer of the turn that is replayed', {
  timeout: 120_000,
}, async () => {
  await using gate = await TurnGate.start();
  await using testbed = await Testbed.start({ dashboard: false, agent: gate.agent, port: await freePort() });
  const client = new OpenAI({ baseURL: `${testbed.gateway.url}/v1`, apiKey, maxRetries: 20 });
  const messages = [{ role: 'user' as const, content: 'are you there' }];
  const answer = client.chat.completions.create({ model, messages });
  await expect.poll(() => readGatewayState({ home: testbed.home })?.active_agents, { timeout: 120_000 }).toBe(1);
  await testbed.gateway.program.kill('SIGKILL');
  gate.open();
  await testbed.startGateway();
  expect((await answer).choices[0]?.message.content).toBe('are you there');
  const turns = execFileSync(process.execPath, [GATEWAY_SCRIPT, 'turns', '--json'], {
    env: { ...process.env, HERMES_HOME: testbed.home },
    encoding: 'utf8',
    timeout: 120_000,
  });
  expect(turns.trim().split('\n')).toHaveLength(1);
});
