import { writeDrainRequest } from '@hermes/drain-contract';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { answering, forwardingGateway } from '../../testing/forwarding-gateway.ts';
import { startGateway } from '../../testing/gateway-process.ts';
import { chunk, event, failing, saying, streaming } from '../../testing/model-server.ts';

const TOOLS = [{ type: 'function' as const, function: { name: 'look', parameters: { type: 'object' } } }];
const CALL = { id: 'call_1', type: 'function', function: { name: 'look', arguments: '{"at":"it"}' } };
const REQUEST = {
  model: 'any',
  temperature: 0.25,
  messages: [
    { role: 'system', content: 'be brief' },
    { role: 'developer', content: 'really' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'what is in it' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
      ],
    },
    { role: 'assistant', content: null, tool_calls: [CALL] },
    { role: 'tool', tool_call_id: 'call_1', content: '42' },
  ],
  tools: TOOLS,
  response_format: { type: 'json_object' },
  n: 2,
  unknown_field: { kept: [1, null, 'x'] },
};
const ANSWER = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'm-2026',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: null, reasoning_content: 'hm', tool_calls: [CALL], refusal: null },
      finish_reason: 'tool_calls',
      logprobs: null,
    },
  ],
  usage: { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 },
  cost: '0.1',
};
const ASK = { model: 'any', messages: [{ role: 'user' as const, content: 'hello' }] };

describe('a gateway of a model', () => {
  it('hands the request on as it came, and the answer back as it comes', async () => {
    const { model, post } = await forwardingGateway([answering(ANSWER)]);
    const answer = await post(REQUEST);
    expect([answer.status, await answer.json()]).toEqual([200, ANSWER]);
    expect(model.asked.map(({ body }) => body)).toEqual([{ ...REQUEST, model: 'm' }]);
  });

  it('streams the events of the model as they are', async () => {
    const events = [
      event({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { role: 'assistant' } }] }),
      event({ id: 'c', choices: [{ index: 0, delta: { reasoning_content: 'hm' } }] }),
      event({ id: 'c', choices: [{ index: 0, delta: { tool_calls: [{ ...CALL, index: 0 }] } }] }),
      event({ id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] }),
      event({ id: 'c', choices: [], usage: ANSWER.usage }),
      event('[DONE]'),
    ];
    const { model, post } = await forwardingGateway([streaming(events)]);
    const answer = await post({ ...REQUEST, stream: true, stream_options: { include_usage: true } });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    expect(await answer.text()).toBe(events.join(''));
    expect(model.asked[0]?.body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });

  it('keeps the whole request and answer in the journal, and shows people their text', async () => {
    const { gateway, post } = await forwardingGateway([saying('Hel', 'lo')]);
    await (await post({ ...ASK, stream: true }, { 'x-hermes-session-id': 's', 'idempotency-key': 'k' })).text();
    const again = await post({ ...ASK, stream: true }, { 'x-hermes-session-id': 's', 'idempotency-key': 'k' });
    expect(await again.text()).toContain('Hel');
    const first = await (await post({ session: 's', message_id: 'k', text: 'hello' }, {}, '/v1/messages')).json();
    const turn = await (await fetch(`${gateway.url}/v1/turns/${(first as { turn_id: string }).turn_id}`)).json();
    expect(turn).toMatchObject({ status: 'done', reply: 'Hello', session: 's' });
  });

  it.each([false, true])(
    'answers a repeated key once (stream: %s), and refuses it for another request',
    async (stream) => {
      const { model, post } = await forwardingGateway([
        stream ? saying('first') : answering(ANSWER),
        failing(500, 'no'),
      ]);
      const send = async (content: string) => {
        const body = { model: 'any', stream, messages: [{ role: 'user', content }] };
        const answer = await post(body, { 'idempotency-key': 'k' });
        return { status: answer.status, retry: answer.headers.get('x-should-retry'), text: await answer.text() };
      };
      const first = await send('hello');
      expect(await send('hello')).toEqual(first);
      const other = await send('something else');
      expect([other.status, other.retry, JSON.parse(other.text).error.code]).toEqual([422, 'false', 'key-reused']);
      expect(model.asked).toHaveLength(1);
    },
  );

  it('refuses during a drain, and ends what it has begun', async () => {
    let go: (() => void) | undefined;
    const { model, client, home } = await forwardingGateway([
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(chunk('one '));
        go = () => response.end(chunk('two') + chunk(null, 'stop') + event('[DONE]'));
      },
    ]);
    const stream = await client.chat.completions.create({ ...ASK, stream: true });
    await model.untilAsked(1);
    await writeDrainRequest({ home });
    await expect(client.chat.completions.create(ASK)).rejects.toMatchObject({ status: 503, code: 'draining' });
    go?.();
    let text = '';
    for await (const { choices } of stream) text += choices[0]?.delta.content ?? '';
    expect(text).toBe('one two');
    expect(model.asked).toHaveLength(1);
  });

  it('asks the model again after a crash, and gives a repeated key the whole answer', async () => {
    const { model, gateway, home, post } = await forwardingGateway([
      streaming([chunk('half')], 'hang'),
      saying('the ', 'whole'),
    ]);
    const headers = { 'idempotency-key': 'k', 'x-hermes-session-id': 's', 'content-type': 'application/json' };
    const body = { ...ASK, stream: true };
    await post(body, headers);
    gateway.kill('SIGKILL');
    await gateway.exited;
    const next = await startGateway({ home });
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    const answer = await (await fetch(`${next.url}/v1/chat/completions`, init)).text();
    expect(answer).toBe(chunk('the ') + chunk('whole') + chunk(null, 'stop') + event('[DONE]'));
    expect(model.asked).toHaveLength(2);
  });

  it.each([
    ['does not know the model', 404, { status: 404, code: 'model_not_found', type: 'some_error' }],
    ['does not accept the request', 400, { status: 400, code: 'model_not_found' }],
    ['limits the rate', 429, { status: 400, code: 'turn-failed' }],
    ['rejects the key', 401, { status: 400, code: 'turn-failed' }],
    ['fails', 500, { status: 400, code: 'turn-failed' }],
  ])(
    'reports, streamed or not, that the model server %s, so that no client runs it again',
    async (_what, status, error) => {
      const { client } = await forwardingGateway([failing(status, 'not this', 'model_not_found')]);
      for (const stream of [false, true]) {
        const failure = await client.chat.completions.create({ ...ASK, stream }).catch((caught: unknown) => caught);
        expect(failure).toBeInstanceOf(OpenAI.APIError);
        expect(failure).toMatchObject(error);
        expect((failure as InstanceType<typeof OpenAI.APIError>).headers?.get('x-should-retry')).toBe('false');
      }
    },
  );

  it('answers a plain message with the text of the model', async () => {
    const { model, post } = await forwardingGateway([saying('Hel', 'lo')]);
    const answer = await post({ session: 's', text: 'hi' }, {}, '/v1/messages');
    expect(await answer.json()).toMatchObject({ status: 'done', reply: 'Hello' });
    expect(model.asked[0]?.body).toMatchObject({ model: 'm', messages: [{ role: 'user', content: 'hi' }] });
  });

  it('lists the models of the model server, and finds one', async () => {
    const data = [{ id: 'vendor/fast', object: 'model', created: 1, owned_by: 'vendor', context_length: 8 }];
    const { client } = await forwardingGateway([answering({ object: 'list', data })], { agent: 'models: upstream' });
    expect((await client.models.list()).data).toEqual(data);
    expect(await client.models.retrieve('vendor/fast')).toEqual(data[0]);
    await expect(client.models.retrieve('other')).rejects.toMatchObject({ status: 404, code: 'model-unknown' });
  });

  it('lists the models that its configuration names', async () => {
    const { client, model } = await forwardingGateway([failing(500, 'no')], { agent: 'models: {fast: vendor/fast}' });
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['fast']);
    expect(model.asked).toEqual([]);
  });

  it('reports that the model server lists no models', async () => {
    const { client } = await forwardingGateway([failing(500, 'no')], { agent: 'models: upstream' });
    await expect(client.models.list()).rejects.toMatchObject({ status: 502, code: 'models-unavailable' });
  });

  it('passes responses on in the same way', async () => {
    const response = { id: 'resp_1', object: 'response', status: 'completed', output: [], usage: { input_tokens: 1 } };
    const events = [
      `event: response.created\n${event({ type: 'response.created', response })}`,
      `event: response.output_text.delta\n${event({ type: 'response.output_text.delta', delta: 'hi' })}`,
      `event: response.completed\n${event({ type: 'response.completed', response })}`,
    ];
    const { model, post } = await forwardingGateway([answering(response), streaming(events)]);
    const request = { model: 'any', input: 'hello', tools: [{ type: 'web_search' }] };
    expect(await (await post(request, {}, '/v1/responses')).json()).toEqual(response);
    expect(await (await post({ ...request, stream: true }, {}, '/v1/responses')).text()).toBe(events.join(''));
    expect(model.asked.map(({ url }) => url)).toEqual(['/v1/responses', '/v1/responses']);
    const refused = await post({ ...request, background: true }, {}, '/v1/responses');
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('background')]);
  });
});
