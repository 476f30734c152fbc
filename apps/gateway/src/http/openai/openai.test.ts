import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clearDrainRequest, writeDrainRequest } from '@hermes/drain-contract';
import { temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { type GatewayProcess, startGateway } from '../../testing/gateway-process.ts';

const KEY = 'k'.repeat(43);

async function gatewayAndClient(
  options: { delay?: number; agent?: string; config?: string; apiKey?: string; maxRetries?: number } = {},
) {
  const home = temporaryDirectory();
  const agent = options.agent ?? `{delay_ms: ${options.delay ?? 0}}`;
  writeFileSync(join(home, 'config.yaml'), `agent: ${agent}\n${options.config ?? ''}`);
  const gateway = await startGateway({ home, environment: { API_SERVER_KEY: KEY } });
  return { gateway, home, client: clientOf(gateway, options) };
}

function clientOf(gateway: GatewayProcess, options: { apiKey?: string; maxRetries?: number } = {}): OpenAI {
  return new OpenAI({
    baseURL: `${gateway.url}/v1`,
    apiKey: options.apiKey ?? KEY,
    maxRetries: options.maxRetries ?? 0,
  });
}

function ask(client: OpenAI, content: string, user = 'anna') {
  return client.chat.completions.create({ model: 'any', user, messages: [{ role: 'user', content }] });
}

describe('the official openai client', () => {
  it('gets an answer', async () => {
    const { client } = await gatewayAndClient();
    const answer = await ask(client, 'hello there');
    expect(answer).toMatchObject({ object: 'chat.completion', model: 'any' });
    expect(answer.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { role: 'assistant', content: 'hello there' },
    });
  });

  it('gets an answer piece by piece', async () => {
    const { client } = await gatewayAndClient({ delay: 600 });
    const stream = await client.chat.completions.create({
      model: 'hermes',
      stream: true,
      messages: [
        { role: 'system', content: 'be brief' },
        { role: 'user', content: [{ type: 'text', text: 'one two three' }] },
      ],
    });
    const pieces: string[] = [];
    for await (const chunk of stream) pieces.push(chunk.choices[0]?.delta.content ?? '');
    expect(pieces.filter((piece) => piece !== '')).toEqual(['one ', 'two ', 'three']);
  });

  it.each([
    ['tools', { tools: [{ type: 'function', function: { name: 'f', parameters: {} } }] }],
    ['response_format', { response_format: { type: 'json_object' } }],
    ['n', { n: 2 }],
    ['image_url', { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:x' } }] }] }],
    [
      'role tool',
      {
        messages: [
          { role: 'user', content: 'hello' },
          { role: 'tool', tool_call_id: 'c', content: '42' },
        ],
      },
    ],
  ])('is refused, in words, what an agent of plain text cannot fulfil: %s', async (word, more) => {
    const { client } = await gatewayAndClient();
    const body = { model: 'hermes', messages: [{ role: 'user', content: 'hello' }], ...more };
    const refused = client.chat.completions.create(body as OpenAI.ChatCompletionCreateParamsNonStreaming);
    await expect(refused).rejects.toMatchObject({ status: 400, message: expect.stringContaining(word) });
  });

  it('finds the model', async () => {
    const { client } = await gatewayAndClient();
    const models = await client.models.list();
    expect(models.data.map((model) => model.id)).toEqual(['hermes']);
  });

  it('reads our refusals as its own errors', async () => {
    const { client, gateway, home } = await gatewayAndClient();
    await writeDrainRequest({ home, reason: 'update' });
    const refused = await ask(client, 'hello').catch((error) => error);
    expect(refused).toBeInstanceOf(OpenAI.InternalServerError);
    expect(refused).toMatchObject({ status: 503, code: 'draining', message: expect.stringContaining('draining') });
    expect(refused.headers.get('retry-after')).toBe('5');

    const stranger = clientOf(gateway, { apiKey: 'wrong' });
    expect(await ask(stranger, 'hello').catch((error) => error)).toBeInstanceOf(OpenAI.AuthenticationError);
    const empty = client.chat.completions.create({ model: 'hermes', messages: [] });
    expect(await empty.catch((error) => error)).toBeInstanceOf(OpenAI.BadRequestError);
  });

  it('survives a short drain by its own retry, and is refused in the middle of it', async () => {
    const { client, gateway, home } = await gatewayAndClient();
    await writeDrainRequest({ home });
    const patient = clientOf(gateway, { maxRetries: 5 });
    const answer = ask(patient, 'still there?');
    const metric = async () =>
      (await fetch(`${gateway.url}/metrics`, { headers: { authorization: `Bearer ${KEY}` } })).text();
    await eventually(async () =>
      expect(await metric()).toContain('hermes_messages_refused_total{reason="draining"} 1'),
    );
    await clearDrainRequest({ home });
    expect((await answer).choices[0]?.message.content).toBe('still there?');
    expect((await ask(client, 'hello')).choices[0]?.message.content).toBe('hello');
  });

  it('keeps its turn when a drain begins in the middle of a stream', async () => {
    const { client, home } = await gatewayAndClient({ delay: 400 });
    const stream = await client.chat.completions.create({
      model: 'hermes',
      stream: true,
      messages: [{ role: 'user', content: 'one two three four' }],
    });
    let text = '';
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      if (text === 'one ') await writeDrainRequest({ home });
    }
    expect(text).toBe('one two three four');
  });

  it('waits for the end of the drain when the gateway queues', async () => {
    const { client, home } = await gatewayAndClient({ config: 'on_drain: queue\n' });
    await writeDrainRequest({ home });
    const answers = Promise.all([ask(client, 'first', 's'), ask(client, 'second', 's')]);
    await clearDrainRequest({ home });
    expect((await answers).map((answer) => answer.choices[0]?.message.content)).toEqual(['first', 'second']);
  });

  it('sends the same message once however often it sends it', async () => {
    const { client } = await gatewayAndClient();
    const send = (content: string) =>
      client.chat.completions.create(
        { model: 'hermes', user: 'anna', messages: [{ role: 'user', content }] },
        { headers: { 'idempotency-key': 'm1' } },
      );
    const [first, second] = [await send('hello'), await send('hello')];
    expect([second.id, second.choices[0]?.message.content]).toEqual([first.id, 'hello']);
    await expect(send('something else')).rejects.toMatchObject({ status: 422, code: 'key-reused' });
  });

  it('gets the information that a failed message is not retried under the same key', async () => {
    const { client } = await gatewayAndClient({ agent: '{kind: command, command: [/bin/false]}' });
    const send = client.chat.completions.create(
      { model: 'hermes', messages: [{ role: 'user', content: 'hello' }] },
      { headers: { 'idempotency-key': 'm1' } },
    );
    expect(await send.catch((error) => error)).toMatchObject({
      status: 400,
      message: expect.stringContaining(
        'A request with the same Idempotency-Key gets this answer again: use another one.',
      ),
    });
  });

  it('gets an error when a stopping gateway ends its stream', async () => {
    const { client, gateway } = await gatewayAndClient({ delay: 60_000, config: 'restart_drain_timeout: 0\n' });
    const stream = await client.chat.completions.create({
      model: 'hermes',
      stream: true,
      messages: [{ role: 'user', content: 'one two' }],
    });
    const read = (async () => {
      for await (const _ of stream);
    })();
    gateway.kill('SIGTERM');
    await expect(read).rejects.toBeInstanceOf(OpenAI.APIError);
    expect((await gateway.exited).signal).toBe('SIGTERM');
  });
});

describe('the official openai client, by responses', () => {
  it('gets an answer', async () => {
    const { client } = await gatewayAndClient();
    const input: OpenAI.Responses.ResponseInput = [
      { role: 'developer', content: 'be brief' },
      { role: 'user', content: 'an earlier question' },
      { role: 'assistant', content: 'an earlier answer' },
      { role: 'user', content: [{ type: 'input_text', text: 'hello there' }] },
    ];
    for (const asked of ['hello there', input]) {
      const answer = await client.responses.create({ model: 'any', input: asked, text: { verbosity: 'low' } });
      expect(answer).toMatchObject({ object: 'response', status: 'completed', model: 'any', error: null });
      expect(answer.output_text).toBe('hello there');
    }
  });

  it('gets an answer piece by piece, by the events of the official API', async () => {
    const { client } = await gatewayAndClient({ delay: 600 });
    const stream = client.responses.stream({ model: 'any', input: 'one two' });
    const events: { type: string; sequence_number: number }[] = [];
    for await (const event of stream) events.push(event);
    expect(events.map(({ type }) => type.replace('response.', ''))).toEqual([
      'created',
      'in_progress',
      'output_item.added',
      'content_part.added',
      'output_text.delta',
      'output_text.delta',
      'output_text.done',
      'content_part.done',
      'output_item.done',
      'completed',
    ]);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
    expect((await stream.finalResponse()).output_text).toBe('one two');
  });

  it.each([
    ['tools', { tools: [{ type: 'function', name: 'f', parameters: {}, strict: false }] }],
    ['text.format', { text: { format: { type: 'json_object' } } }],
    ['previous_response_id', { previous_response_id: 'resp_1' }],
    ['background', { background: true }],
    [
      'image_url',
      { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'data:x', detail: 'auto' }] }] },
    ],
    ['type function_call_output', { input: [{ type: 'function_call_output', call_id: 'c', output: '42' }] }],
    ['expected text', { input: '' }],
  ])('is refused, in words, what an agent of plain text cannot fulfil: %s', async (word, more) => {
    const { client } = await gatewayAndClient();
    const body = { model: 'any', input: 'hello', ...more } as OpenAI.Responses.ResponseCreateParamsNonStreaming;
    const refused = client.responses.create(body);
    await expect(refused).rejects.toMatchObject({ status: 400, message: expect.stringContaining(word) });
  });

  it('gets an error when the turn fails, and when a stopping gateway ends its stream', async () => {
    const failing = await gatewayAndClient({ agent: '{kind: command, command: [/bin/false]}' });
    const failed = failing.client.responses.create({ model: 'any', input: 'hello' });
    await expect(failed).rejects.toMatchObject({ status: 400, code: 'turn-failed' });

    const { client, gateway } = await gatewayAndClient({ delay: 60_000, config: 'restart_drain_timeout: 0\n' });
    const stream = await client.responses.create({ model: 'any', input: 'one two', stream: true });
    const read = (async () => {
      for await (const _ of stream);
    })();
    gateway.kill('SIGTERM');
    await expect(read).rejects.toBeInstanceOf(OpenAI.APIError);
  });
});

describe('an agent that takes images and files', () => {
  const image_url = { url: 'data:image/png;base64,iVBORw0KGgo=' };
  const file = { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERg==' };
  const STORED = [
    { type: 'text', text: 'what are these' },
    { type: 'image_url', image_url },
    { type: 'file', file },
  ];
  const READER = `{kind: command, command: [/bin/sh, -c, 'cat "$HERMES_CONTENT_FILE"']}`;

  it('gets those of a chat completion and of a response', async () => {
    const { client } = await gatewayAndClient({ agent: READER });
    const content = [
      { type: 'text' as const, text: 'what are these' },
      { type: 'image_url' as const, image_url },
      { type: 'file' as const, file },
    ];
    const completion = await client.chat.completions.create({ model: 'any', messages: [{ role: 'user', content }] });
    expect(JSON.parse(completion.choices[0]?.message.content ?? '')).toEqual(STORED);
    const input_image = { type: 'input_image' as const, image_url: image_url.url, file_id: null, detail: undefined };
    const input = [
      { type: 'input_text' as const, text: 'what are these' },
      input_image as unknown as OpenAI.Responses.ResponseInputImage,
      { type: 'input_file' as const, ...file },
    ];
    const response = await client.responses.create({ model: 'any', input: [{ role: 'user', content: input }] });
    expect(JSON.parse(response.output_text)).toEqual(STORED);
  });

  it.each([
    ['file_id', { type: 'file', file: { file_id: 'f1' } }],
    ['data: URL', { type: 'image_url', image_url: { url: 'http://127.0.0.1/secret.png' } }],
    ['input_audio', { type: 'input_audio', input_audio: { data: '', format: 'wav' } }],
  ])('is not asked with a part that the gateway does not take: %s', async (word, part) => {
    const { client } = await gatewayAndClient({ agent: READER });
    const messages = [{ role: 'user', content: [part] }] as OpenAI.ChatCompletionMessageParam[];
    const refused = client.chat.completions.create({ model: 'any', messages });
    await expect(refused).rejects.toMatchObject({ status: 400, message: expect.stringContaining(word) });
  });
});
