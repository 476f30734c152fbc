import { describe, expect, it } from 'vitest';
import { answering } from '../../testing/forwarding-gateway.ts';
import { type Answer, chunk, event, failing, modelServer, saying, streaming } from '../../testing/model-server.ts';
import { recordingLog } from '../../testing/recording-log.ts';
import { replyOf } from '../../testing/replies.ts';
import type { AgentError } from '../agent-error.ts';
import { agentSchema, type OpenAiAgentConfig } from '../config.ts';
import { OpenAiAgent } from './openai-agent.ts';

const DONE = event('[DONE]');
const STOP = chunk(null, 'stop');
const CALL = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } };
const CUT_OFF = 'The model server ended its answer early; send a new message to retry.';
const FAILED = 'The model server failed; try again later.';
const WHOLE = {
  id: '1',
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' }],
  usage: { total_tokens: 3 },
};
const choices = (...all: unknown[]) => event({ id: '1', choices: all });
const page: Answer = (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Log in</p>');

function agentFor(baseUrl: string, more: object = {}) {
  const { log, lines } = recordingLog();
  const section = { kind: 'openai', base_url: baseUrl, model: 'm', max_retries: 0, ...more };
  const config = agentSchema.parse(section) as OpenAiAgentConfig;
  return { agent: new OpenAiAgent(config, { log, environment: {} }), lines };
}

function requestOf(stream: boolean, model = 'any') {
  const body = { model, stream, messages: [{ role: 'user', content: 'hello' }] };
  return { session: 's', text: JSON.stringify(body), form: 'chat.completions' as const };
}

/** What a person gets, and what a client of a forwarded request gets that wants a stream. */
async function askBoth(answer: Answer) {
  const { agent } = agentFor((await modelServer(answer)).baseUrl);
  const plain = await replyOf(agent, { session: 's', text: 'hello' });
  const forwarded = await replyOf(agent, requestOf(true));
  const { error } = forwarded;
  return {
    plain: plain.error?.message ?? plain.said,
    forwarded: forwarded.said,
    error: error?.message,
    body: (error as AgentError | undefined)?.upstream?.body.error.message,
  };
}

describe('a model server that streams', () => {
  const finish = [STOP, DONE];
  it.each<[what: string, events: string[], plain: string, forwarded?: string]>([
    ['without [DONE]', [chunk('ok'), STOP], 'ok', chunk('ok') + STOP + DONE],
    ['without the last empty line', [chunk('ok'), STOP.trimEnd()], 'ok', chunk('ok') + STOP + DONE],
    [
      'no choices',
      [chunk('ok'), event({ cost: 1 }), ...finish],
      'ok',
      chunk('ok') + event({ cost: 1, choices: [] }) + STOP + DONE,
    ],
    [
      'null as choices',
      [event({ choices: null }), chunk('ok'), ...finish],
      'ok',
      event({ choices: [] }) + chunk('ok') + STOP + DONE,
    ],
    [
      'null as delta',
      [choices({ index: 0, delta: null }), chunk('ok'), ...finish],
      'ok',
      choices({ index: 0, delta: {} }) + chunk('ok') + STOP + DONE,
    ],
    [
      'content in parts',
      [choices({ index: 0, delta: { content: [{ type: 'text', text: 'ok' }] } }), ...finish],
      'ok',
      choices({ index: 0, delta: { content: 'ok' } }) + STOP + DONE,
    ],
    ['reasoning', [choices({ index: 0, delta: { reasoning_content: 'hm' } }), chunk('ok'), ...finish], 'ok'],
    ['a refusal', [choices({ index: 0, delta: { refusal: 'no' } }), ...finish], 'no'],
    ['an answer that is cut for length', [chunk('ok', 'length'), DONE], 'ok'],
    ['comments', [': wait\n\n', chunk('ok'), ': wait\n\n', ...finish], 'ok'],
    [
      'a filtered answer',
      [chunk('ha'), chunk(null, 'content_filter'), DONE],
      'The content filter of the model server withheld the answer, or the end of it; rephrase the message.',
    ],
    [
      'tool calls only',
      [choices({ index: 0, delta: { tool_calls: [{ index: 0, ...CALL }] } }), chunk(null, 'tool_calls'), DONE],
      'The model requested a tool instead of an answer, and this conversation offers none.',
    ],
  ])('%s', async (_what, events, plain, forwarded = events.join('')) => {
    // Event by event, as they come from a model.
    const answer: Answer = async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const text of events) await new Promise((sent) => response.write(text, () => setImmediate(sent)));
      response.end();
    };
    const got = await askBoth(answer);
    expect(got).toMatchObject({ plain, error: undefined });
    expect(got.forwarded.replaceAll(': wait\n\n', '')).toBe(forwarded.replaceAll(': wait\n\n', ''));
  });

  it('with CRLF', async () => {
    const got = await askBoth(streaming([(chunk('ok') + STOP + DONE).replaceAll('\n', '\r\n')]));
    expect(got).toMatchObject({ plain: 'ok', error: undefined });
  });

  it('in pieces that end in the middle of a character', async () => {
    const bytes = Buffer.from(chunk('ö😀') + STOP + DONE);
    const answer: Answer = async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const byte of bytes) await new Promise((sent) => response.write(Buffer.of(byte), sent));
      response.end();
    };
    expect(await askBoth(answer)).toMatchObject({ plain: 'ö😀', forwarded: bytes.toString() });
  });

  it.each<[what: string, events: string[], forwarded: string, error: string, body?: string]>([
    ['only [DONE]', [DONE], DONE, CUT_OFF],
    ['nothing', [], '', CUT_OFF],
    ['the first half', [chunk('ha')], chunk('ha'), CUT_OFF],
    ['half an event', [chunk('ha'), 'data: {"choi'], chunk('ha'), CUT_OFF],
    [
      'an error after the first half',
      [chunk('ha'), event({ error: { message: 'busy' } })],
      chunk('ha'),
      FAILED,
      'busy',
    ],
  ])('%s is reported as a failure', async (_what, events, forwarded, error, body) => {
    expect(await askBoth(streaming(events))).toMatchObject({ forwarded, error, body });
  });
});

describe('a model server that does not stream', () => {
  it('answers in JSON although a stream was requested', async () => {
    const calls = { ...WHOLE, choices: [{ index: 0, message: { tool_calls: [CALL] }, finish_reason: 'tool_calls' }] };
    const { agent } = agentFor((await modelServer(answering(WHOLE), answering(calls))).baseUrl);
    expect(await replyOf(agent, { session: 's', text: 'hello' })).toEqual({ said: 'ok', error: undefined });
    const { said } = await replyOf(agent, requestOf(true));
    expect(JSON.parse(said.slice('data: '.length).split('\n')[0] ?? '')).toEqual({
      ...calls,
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta: { tool_calls: [{ index: 0, ...CALL }] }, finish_reason: 'tool_calls' }],
    });
    expect(said.endsWith(DONE)).toBe(true);
  });

  it.each<[what: string, answer: Answer, error: string, body?: string]>([
    ['an error in a 200', answering({ error: { message: 'quota exceeded', code: 402 } }), FAILED, 'quota exceeded'],
    [
      'a page',
      page,
      'The model server sent no answer of a model, but text/html: the operator of the gateway must check agent.base_url.',
    ],
    ['no choice', answering({ choices: [] }), 'The model server sent an answer without a choice; try again later.'],
    [
      'null as choices',
      answering({ choices: null }),
      'The model server sent an answer without a choice; try again later.',
    ],
    ['a stream', saying('ok'), 'The model server sent a stream although none was requested; request a stream.'],
  ])('and sends %s fails with what came', async (_what, answer, error, body) => {
    const { agent } = agentFor((await modelServer(answer)).baseUrl);
    const reply = await replyOf(agent, requestOf(false));
    expect([reply.said, reply.error?.message]).toEqual(['', error]);
    expect((reply.error as AgentError).upstream?.body.error.message).toBe(body);
  });
});

describe('a model server that stalls', () => {
  /** More than a busy machine takes to send a piece. */
  const STALL = { stall_timeout: 2 };
  const nothing = (when: string) => `The model server sent nothing for 2 s ${when}; send a new message to retry.`;

  it('in the middle of an answer is given up, and what came stays', async () => {
    const server = await modelServer(streaming([chunk('First, ')], 'hang'));
    const { agent } = agentFor(server.baseUrl, STALL);
    const plain = await replyOf(agent, { session: 's', text: 'hello' });
    expect([plain.said, plain.error?.message]).toEqual(['First, ', nothing('after 7 characters of its answer')]);
    const forwarded = await replyOf(agent, requestOf(true));
    expect([forwarded.said, forwarded.error?.message]).toEqual([
      chunk('First, '),
      nothing('in the middle of its answer'),
    ]);
    await server.untilLetGo();
  });

  it('before the first token is given up, too, and the next one is asked', async () => {
    const [first, second] = [await modelServer(streaming([': wait\n\n'], 'hang')), await modelServer(saying('ok'))];
    const { agent } = agentFor(first.baseUrl, STALL);
    const { said, error } = await replyOf(agent, { session: 's', text: 'hello' });
    expect([said, error?.message]).toEqual(['', nothing('instead of an answer')]);
    const silent = await modelServer(streaming([], 'hang'));
    const more = { ...STALL, fallbacks: [{ base_url: second.baseUrl }] };
    expect(await replyOf(agentFor(silent.baseUrl, more).agent, { session: 's', text: 'hello' })).toMatchObject({
      said: 'ok',
    });
  });

  it('is not one that is slow', async () => {
    const answer: Answer = async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      // Together longer than the bound, and each pause much shorter.
      for (const text of [...[...'slowly'].map((text) => chunk(text)), STOP, DONE]) {
        response.write(text);
        await new Promise((resolve) => setTimeout(resolve, 800));
      }
      response.end();
    };
    const { agent } = agentFor((await modelServer(answer)).baseUrl, { stall_timeout: 5 });
    expect(await replyOf(agent, { session: 's', text: 'hello' })).toEqual({ said: 'slowly', error: undefined });
  });
});

describe('several model servers', () => {
  it.each<[what: string, answer: Answer]>([
    ['fails', failing(500, 'oops')],
    ['limits the rate', failing(429, 'slow down')],
    ['rejects the key', failing(401, 'who are you')],
    ['sends a page', page],
    ['reports an error before the first token', streaming([event({ error: { message: 'busy' } })])],
    ['breaks the connection before the first token', (response) => response.destroy()],
  ])('the next one is asked when the first %s', async (_what, answer) => {
    const [first, second] = [await modelServer(answer), await modelServer(saying('ok'))];
    const { agent, lines } = agentFor(first.baseUrl, { fallbacks: [{ base_url: second.baseUrl, model: 'other' }] });
    expect(await replyOf(agent, requestOf(true))).toEqual({ said: chunk('ok') + STOP + DONE, error: undefined });
    expect([first.asked.length, second.asked.length]).toEqual([1, 1]);
    expect([first, second].map(({ asked }) => asked[0]?.body)).toMatchObject([{ model: 'm' }, { model: 'other' }]);
    expect(lines).toMatchObject([{ level: 'warn', msg: 'a model server failed; asking the next one' }]);
  });

  it.each<[what: string, answer: Answer, said: string]>([
    ['does not accept the request', failing(400, 'too long'), ''],
    ['fails after the first token', streaming([chunk('ha')], 'break'), chunk('ha')],
  ])('the next one is not asked when the first %s', async (_what, answer, said) => {
    const [first, second] = [await modelServer(answer), await modelServer(saying('ok'))];
    const { agent } = agentFor(first.baseUrl, { fallbacks: [{ base_url: second.baseUrl }] });
    const reply = await replyOf(agent, requestOf(true));
    expect([reply.said, second.asked.length]).toEqual([said, 0]);
    expect(reply.error).toBeDefined();
  });
});

describe('the model of a request', () => {
  it.each<[models: unknown, asked: string | undefined]>([
    ['configured', 'm'],
    ['upstream', 'fast'],
    [{ fast: 'vendor/fast-1' }, 'vendor/fast-1'],
    [{ slow: 'vendor/slow-1' }, undefined],
  ])('is for models: %j', async (models, asked) => {
    const server = await modelServer(saying('ok'));
    const { agent } = agentFor(server.baseUrl, { models });
    const reply = await replyOf(agent, requestOf(true, 'fast'));
    expect((server.asked[0]?.body as { model?: string } | undefined)?.model).toBe(asked);
    const error = asked === undefined ? { status: 404, body: { error: { code: 'model_not_found' } } } : undefined;
    if (error) expect((reply.error as AgentError).upstream).toMatchObject(error);
  });
});
