import { join } from 'node:path';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { ChatOpenAI } from '@langchain/openai';
import { Agent, tool as agentTool, OpenAIProvider, Runner } from '@openai/agents';
import { generateText, isStepCount, jsonSchema, Output, streamText, tool } from 'ai';
import OpenAI from 'openai';
import OpenAI6 from 'openai-6';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Asked } from '../../others/asked.ts';
import { ProjectOfOthers } from '../../others/project-of-others.ts';
import { Testbed } from '../testbed.ts';
import { scriptedModel } from './model.ts';

vi.stubGlobal('AI_SDK_LOG_WARNINGS', false);

let project: ProjectOfOthers;
beforeAll(async () => {
  project = await ProjectOfOthers.install();
}, 300_000);
afterAll(() => project[Symbol.asyncDispose]());

const apiKey = 'none';
const model = 'any';
const CITY = {
  type: 'object' as const,
  properties: { city: { type: 'string' as const } },
  required: ['city' as const],
  additionalProperties: false as const,
};
const SKY = {
  type: 'object',
  properties: { sky: { type: 'string' } },
  required: ['sky'],
  additionalProperties: false,
} as const;

async function gatewayOfModel() {
  const upstream = await scriptedModel();
  const agent = `{ kind: openai, base_url: '${upstream.baseUrl}', model: m }`;
  const testbed = await Testbed.start({ dashboard: false, agent });
  return { testbed, asked: upstream.asked, baseURL: `${testbed.gateway.url}/v1` };
}

test.each([
  ['7', OpenAI],
  ['6', OpenAI6 as unknown as typeof OpenAI],
])('openai %s chats, streams with usage, calls a tool, gets an object and a response', async (_version, Client) => {
  const { testbed, baseURL } = await gatewayOfModel();
  await using _testbed = testbed;
  const client = new Client({ baseURL, apiKey });
  const messages = [{ role: 'user' as const, content: 'how is the sky' }];
  const whole = await client.chat.completions.create({ model, messages });
  expect(whole).toMatchObject({ choices: [{ message: { content: 'sunny' } }], usage: { total_tokens: 12 } });

  const stream = client.chat.completions.stream({ model, messages, stream_options: { include_usage: true } });
  const final = await stream.finalChatCompletion();
  expect(final).toMatchObject({ choices: [{ message: { content: 'sunny' } }], usage: { total_tokens: 12 } });

  const tools = [{ type: 'function' as const, function: { name: 'weather', parameters: CITY } }];
  const called = await client.chat.completions.stream({ model, messages, tools }).finalChatCompletion();
  expect(called.choices[0]).toMatchObject({
    finish_reason: 'tool_calls',
    message: { tool_calls: [{ function: { name: 'weather', arguments: '{"city":"Bonn"}' } }] },
  });

  const json_schema = { name: 'sky', schema: SKY, strict: true };
  const parsed = await client.chat.completions.parse({
    model,
    messages,
    response_format: { type: 'json_schema', json_schema },
  });
  expect(JSON.parse(parsed.choices[0]?.message.content ?? '')).toEqual({ sky: 'sunny' });

  expect((await client.responses.create({ model, input: 'how is the sky' })).output_text).toBe('sunny');
  const events: string[] = [];
  for await (const { type } of await client.responses.create({ model, input: 'x', stream: true })) events.push(type);
  expect(events.at(-1)).toBe('response.completed');
});

test.each([
  ['@ai-sdk/openai-compatible', (baseURL: string) => createOpenAICompatible({ name: 'h', baseURL })(model)],
  ['@ai-sdk/openai, chat', (baseURL: string) => createOpenAI({ baseURL, apiKey }).chat(model)],
  ['@ai-sdk/openai, responses', (baseURL: string) => createOpenAI({ baseURL, apiKey }).responses(model)],
])('ai with %s chats, streams, runs a tool and gets an object', async (_name, modelOf) => {
  const { testbed, baseURL } = await gatewayOfModel();
  await using _testbed = testbed;
  const prompt = 'how is the sky';
  const whole = await generateText({ model: modelOf(baseURL), prompt });
  expect([whole.text, whole.usage.totalTokens]).toEqual(['sunny', 12]);

  const streamed = streamText({ model: modelOf(baseURL), prompt });
  let text = '';
  for await (const piece of streamed.textStream) text += piece;
  expect(text).toBe('sunny');

  const cities: string[] = [];
  const weather = tool({
    inputSchema: jsonSchema<{ city: string }>(CITY),
    execute: async ({ city }) => {
      cities.push(city);
      return 'sunny';
    },
  });
  const used = await generateText({ model: modelOf(baseURL), prompt, tools: { weather }, stopWhen: isStepCount(3) });
  expect([used.text, cities]).toEqual(['sunny', ['Bonn']]);
  expect(whole.finishReason).toBe('stop');

  const output = Output.object({ schema: jsonSchema<{ sky: string }>(SKY) });
  expect((await generateText({ model: modelOf(baseURL), prompt, output })).output).toEqual({ sky: 'sunny' });
});

test('LangChain chats, streams, and calls a tool', async () => {
  const { testbed, baseURL } = await gatewayOfModel();
  await using _testbed = testbed;
  const chat = new ChatOpenAI({ apiKey, model, configuration: { baseURL } });
  const whole = await chat.invoke('how is the sky');
  expect(whole.text).toBe('sunny');
  expect(whole).toMatchObject({ usage_metadata: { total_tokens: 12 } });
  let text = '';
  for await (const piece of await chat.stream('how is the sky')) text += piece.text;
  expect(text).toBe('sunny');
  const tools = [{ type: 'function' as const, function: { name: 'weather', parameters: CITY } }];
  const called = await chat.bindTools(tools).invoke('how is the sky');
  expect(called.tool_calls).toMatchObject([{ name: 'weather', args: { city: 'Bonn' } }]);
  const structured = chat.withStructuredOutput({ title: 'sky', ...SKY });
  expect(await structured.invoke('how is the sky')).toEqual({ sky: 'sunny' });
});

test('@openai/agents runs an agent with a tool, by responses', async () => {
  const { testbed, baseURL, asked } = await gatewayOfModel();
  await using _testbed = testbed;
  const weather = agentTool({
    name: 'weather',
    description: 'The weather of a city.',
    parameters: CITY,
    strict: true,
    execute: async () => 'sunny',
  });
  const runner = new Runner({
    modelProvider: new OpenAIProvider({ baseURL, apiKey, useResponses: true }),
    tracingDisabled: true,
  });
  const agent = new Agent({ name: 'Meteorologist', instructions: 'Be brief.', model, tools: [weather] });
  const result = await runner.run(agent, 'how is the sky');
  expect(result.finalOutput).toBe('sunny');
  expect(asked).toHaveLength(2);
  expect(result.state.usage).toMatchObject({ requests: 2, totalTokens: 24 });

  const schema = { ...SKY, required: ['sky' as const] };
  const outputType = { type: 'json_schema' as const, name: 'sky', strict: true, schema };
  const structured = new Agent({ name: 'Meteorologist', instructions: 'Be brief.', model, outputType });
  expect((await runner.run(structured, 'how is the sky')).finalOutput).toEqual({ sky: 'sunny' });
});

test.each(['llamaindex', 'mastra'])('%s chats, streams, calls a tool and gets an object', async (name) => {
  const { testbed, baseURL } = await gatewayOfModel();
  await using _testbed = testbed;
  const ask = async (how: string) => {
    const program = join(project.directory, 'model-clients', `${name}.js`);
    await using asked = new Asked(program, [baseURL, how, 'how is the sky']);
    expect(await asked.ended()).toEqual({ end: 'whole' });
    return asked.text;
  };
  expect(await ask('chat')).toBe('sunny 12');
  expect(await ask('stream')).toBe('sunny');
  expect(JSON.parse(await ask('tool'))).toEqual({ name: 'weather', input: { city: 'Bonn' } });
  expect(JSON.parse(await ask('object'))).toEqual({ sky: 'sunny' });
});
