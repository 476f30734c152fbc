import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  type Answer,
  chunk,
  event,
  failing,
  modelServer,
  saying,
  silence,
  streaming,
} from '../../testing/model-server.ts';
import { recordingLog } from '../../testing/recording-log.ts';
import { replyOf } from '../../testing/replies.ts';
import { AgentError } from '../agent-error.ts';
import { agentSchema, type OpenAiAgentConfig } from '../config.ts';
import { OpenAiAgent } from './openai-agent.ts';

const KEY = 'sk-s3cret';
const request = { turn: 't', session: 's', text: 'hello' };

function agentFor(baseUrl: string, settings: Partial<OpenAiAgentConfig> = {}) {
  const { log, lines } = recordingLog();
  const section = { kind: 'openai', base_url: baseUrl, model: 'm', key_env: 'MODEL_KEY', ...settings };
  const config = agentSchema.parse(section) as OpenAiAgentConfig;
  return { agent: new OpenAiAgent(config, { log, environment: { MODEL_KEY: KEY } }), lines };
}

const CUT_OFF = 'The model server ended its answer early; send a new message to retry.';
const FAILED = 'The model server failed; try again later.';
const NO_ANSWER =
  'The model server sent no answer of a model, but text/html: the operator of the gateway must check agent.base_url.';
const page: Answer = (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Welcome</p>');

describe('an OpenAiAgent', () => {
  it('asks as OpenAI wants to be asked, and says what comes, piece by piece', async () => {
    const server = await modelServer(saying('Hel', 'lo ', '😀'));
    const { agent, lines } = agentFor(server.baseUrl, { system: 'Be brief.' });
    const heard: string[] = [];
    const reply = await replyOf(agent, request, { heard: (said) => heard.push(said) });
    expect(reply).toEqual({ said: 'Hello 😀', error: undefined });
    expect(heard).toEqual(['Hel', 'Hello ', 'Hello 😀']);
    expect(server.asked).toMatchObject([
      {
        method: 'POST',
        url: '/v1/chat/completions',
        headers: { authorization: `Bearer ${KEY}` },
        body: {
          model: 'm',
          stream: true,
          messages: [
            { role: 'system', content: 'Be brief.' },
            { role: 'user', content: 'hello' },
          ],
        },
      },
    ]);
    expect(lines).toEqual([]);
  });

  it.each([301, 302, 303, 307, 308])('does not follow a %d to another server with the prompt', async (status) => {
    const elsewhere = await modelServer(saying('stolen'));
    const server = await modelServer((response) =>
      response.writeHead(status, { location: `${elsewhere.baseUrl}/chat/completions` }).end(),
    );
    const { said, error } = await replyOf(agentFor(server.baseUrl).agent, request);
    expect([said, (error as AgentError).message]).toEqual([
      '',
      'The model server redirects to another address; the gateway follows no redirects.',
    ]);
    expect([server.asked.length, elsewhere.asked.length]).toEqual([1, 0]);
  });

  it('sends nothing of the environment to a server without a key', async () => {
    const server = await modelServer(saying('ok'));
    for (const name of ['OPENAI_API_KEY', 'OPENAI_ADMIN_KEY', 'OPENAI_ORG_ID', 'OPENAI_PROJECT_ID']) {
      vi.stubEnv(name, 'ambient-s3cret');
    }
    vi.stubEnv('OPENAI_BASE_URL', 'http://127.0.0.1:1/');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { log } = recordingLog();
    const config = agentSchema.parse({ kind: 'openai', base_url: server.baseUrl, model: 'm' }) as OpenAiAgentConfig;
    const reply = await replyOf(new OpenAiAgent(config, { log, environment: process.env }), request);
    expect(reply.said).toBe('ok');
    expect(server.asked[0]?.headers.authorization).toBeUndefined();
    expect(JSON.stringify(server.asked)).not.toContain('ambient-s3cret');
  });

  it.each<[what: string, answers: [Answer, ...Answer[]], said: string]>([
    ['one that is rate limited once', [failing(429, 'slow down'), saying('ok')], 'ok'],
    ['one that fails twice', [failing(500, 'oops'), failing(502, 'oops'), saying('ok')], 'ok'],
    ['one that ends without the last event', [streaming([chunk('ok'), chunk(null, 'stop')])], 'ok'],
    ['one that ends for want of room', [streaming([chunk('ok', 'length'), event('[DONE]')])], 'ok'],
    [
      'one that sends more than was asked for',
      [
        streaming([
          ': a comment\n\n',
          event({ choices: [] }),
          event({ choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] }),
          event({ choices: [{ index: 0 }] }),
          chunk('ok', 'stop'),
          event({ choices: [], usage: { total_tokens: 3 } }),
          event({ usage: { total_tokens: 3 } }),
          event('[DONE]'),
        ]),
      ],
      'ok',
    ],
    ['one that has nothing to say', [streaming([chunk(null, 'stop'), event('[DONE]')])], ''],
  ])('gets its answer from a server like %s', async (_what, answers, said) => {
    const server = await modelServer(...answers);
    expect(await replyOf(agentFor(server.baseUrl).agent, request)).toEqual({ said, error: undefined });
    expect(server.asked).toHaveLength(answers.length);
  });

  it.each<[what: string, answer: Answer, requests: number, said: string, sentence: string]>([
    ['does not like the key', failing(401, `bad key ${KEY}`), 1, '', 'The model server rejected the API key.'],
    ['does not allow it', failing(403, `not with ${KEY}`), 1, '', 'The model server rejected the API key.'],
    ['limits the rate', failing(429, 'slow down'), 3, '', 'The model server applies a rate limit; try again later.'],
    ['drains', failing(503, 'This gateway is draining.'), 3, '', 'The model server is draining; try again later.'],
    [
      'drains and says so in the code',
      failing(503, 'no', 'draining'),
      3,
      '',
      'The model server is draining; try again later.',
    ],
    ['fails', failing(500, `oops ${KEY}`), 3, '', FAILED],
    [
      'knows no such model',
      failing(404, 'no model m'),
      1,
      '',
      'The model server does not offer the model, or agent.base_url is wrong.',
    ],
    ['does not accept the request', failing(400, 'too long'), 1, '', 'The model server did not accept the request.'],
    ['fails half-way', streaming([chunk('ha'), event({ error: { message: `oops ${KEY}` } })]), 1, 'ha', FAILED],
    ['ends half-way', streaming([chunk('ha')]), 1, 'ha', CUT_OFF],
    ['ends half-way as if it were done', streaming([chunk('ha'), event('[DONE]')]), 1, 'ha', CUT_OFF],
    ['breaks the connection', streaming([chunk('ha')], 'break'), 1, 'ha', CUT_OFF],
    ['sends an event that is none', streaming([chunk('ha'), event('{"choi')]), 1, 'ha', CUT_OFF],
    ['sends an event of another kind', streaming([chunk('ha'), event('null')]), 1, 'ha', CUT_OFF],
    ['is no model server', page, 1, '', NO_ANSWER],
    ['never answers', silence, 1, '', 'The model server did not finish within 3 s.'],
    ['never ends', streaming([chunk('ha')], 'hang'), 1, 'ha', 'The model server did not finish within 3 s.'],
  ])('fails, in a sentence for people, with a server that %s', async (_what, answer, requests, said, sentence) => {
    const server = await modelServer(answer);
    const settings = { max_retries: 2, ...(sentence.includes('within') ? { timeout: 3 } : {}) };
    const { agent, lines } = agentFor(server.baseUrl, settings);
    const reply = await replyOf(agent, request);
    expect([reply.said, reply.error?.message]).toEqual([said, sentence]);
    expect(reply.error).toBeInstanceOf(AgentError);
    expect(server.asked).toHaveLength(requests);
    expect(lines).toMatchObject([{ level: 'warn', session: 's', reason: expect.stringMatching(/./) }]);
    expect(JSON.stringify([lines, reply.error, reply.error?.stack])).not.toContain(KEY);
    await server.untilLetGo();
  });

  it('has the details of a failure in the log', async () => {
    const server = await modelServer(failing(401, `bad key ${KEY}`, 'invalid_api_key'));
    const { agent, lines } = agentFor(server.baseUrl);
    await replyOf(agent, request);
    expect(lines).toEqual([
      {
        level: 'warn',
        msg: 'the model server failed',
        session: 's',
        status: 401,
        type: 'some_error',
        code: 'invalid_api_key',
        request_id: 'req-1',
        reason: '401 bad key [key]',
      },
    ]);
  });

  it('reports an unreachable server, and logs its address', async () => {
    const server = await modelServer(silence);
    await server.close();
    const { agent, lines } = agentFor(server.baseUrl, { max_retries: 1 });
    const { error } = await replyOf(agent, request);
    expect(error?.message).toBe('The model server is unreachable; try again later.');
    expect(lines).toMatchObject([{ code: 'ECONNREFUSED', reason: expect.stringContaining('127.0.0.1') }]);
  });
});

describe('an OpenAiAgent whose signal aborts', () => {
  it.each<[what: string, answer: Answer]>([
    ['before an answer comes', silence],
    ['in the middle of an answer', streaming([chunk('ha')], 'hang')],
    [
      'while it waits to try again',
      (response) => response.writeHead(429, { 'retry-after': '30', 'content-type': 'text/plain' }).end('slow down'),
    ],
  ])('closes the connection to the server %s', async (_what, answer) => {
    const server = await modelServer(answer);
    const { agent, lines } = agentFor(server.baseUrl);
    const stop = new AbortController();
    const reply = replyOf(agent, request, { signal: stop.signal });
    await server.untilAsked(1);
    stop.abort(new Error('stop requested'));
    expect((await reply).error?.message).toBe('stop requested');
    await server.untilLetGo();
    expect([server.asked.length, lines]).toEqual([1, []]);
  });

  it('before it has begun does not ask', async () => {
    const server = await modelServer(saying('ok'));
    const { error } = await replyOf(agentFor(server.baseUrl).agent, request, { signal: AbortSignal.abort() });
    expect([error?.name, server.asked]).toEqual(['AbortError', []]);
  });

  it('closes the connection to the server when its consumer stops reading', async () => {
    const server = await modelServer(streaming([chunk('ha')], 'hang'));
    const { signal } = new AbortController();
    const remove = vi.spyOn(signal, 'removeEventListener');
    for await (const _piece of agentFor(server.baseUrl).agent.reply(request, signal)) break;
    await server.untilLetGo();
    expect(remove).toHaveBeenCalledTimes(1);
  });
});
