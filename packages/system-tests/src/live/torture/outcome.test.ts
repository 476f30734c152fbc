import { expect, test } from 'vitest';
import type { Exchange } from './exchange.ts';
import type { Outcome, Route } from './history.ts';
import { outcomeOf } from './outcome.ts';

const answer = (status: number, body: unknown, changes: Partial<Exchange> = {}): Exchange =>
  ({
    status,
    headers: { 'retry-after': '5' },
    text: typeof body === 'string' ? body : JSON.stringify(body),
    whole: true,
    ...changes,
  }) as Exchange;
const cut = { whole: false };
const view = (status: string, more = {}) => ({ turn_id: 't', session: 's', status, ...more });
const turn = (status: string, more = {}) => `event: turn\ndata: ${JSON.stringify(view(status, more))}\n\n`;
const chunk = (content: string) =>
  `data: ${JSON.stringify({ id: 'chatcmpl-t', choices: [{ delta: { content } }] })}\n\n`;
const completion = { id: 'chatcmpl-t', choices: [{ message: { content: 'hi' } }] };
const error = (code: string) => ({ error: { code, message: '' } });

const done: Outcome = { kind: 'final', answer: { status: 'done', reply: 'hi' }, turnId: 't' };
const acknowledged: Outcome = { kind: 'acknowledged', turnId: 't' };
const interrupted = (turnId?: string): Outcome => ({ kind: 'final', answer: { status: 'interrupted' }, turnId });

test.each<[what: string, route: Route, answer: Exchange, outcome: Outcome]>([
  ['a reply', 'sync', answer(200, view('done', { reply: 'hi' })), done],
  ['an acknowledgement', 'async', answer(202, view('running')), acknowledged],
  ['an acknowledgement that broke off', 'async', answer(202, '{"tur', cut), { kind: 'acknowledged' }],
  ['a stream to its end', 'sse', answer(200, turn('running') + turn('done', { reply: 'hi' })), done],
  ['a stream that broke off', 'sse', answer(200, `${turn('running')}event: del`, cut), acknowledged],
  ['a completion', 'openai', answer(200, completion), done],
  ['chunks to their end', 'openai-stream', answer(200, `${chunk('h')}${chunk('i')}data: [DONE]\n\n`), done],
  ['chunks that broke off', 'openai-stream', answer(200, chunk('h'), cut), acknowledged],
  [
    'chunks and an error',
    'openai-stream',
    answer(200, `${chunk('h')}data: ${JSON.stringify(error('turn-interrupted'))}\n\n`),
    interrupted('t'),
  ],
  ['a turn that was interrupted', 'sync', answer(422, { code: 'turn-interrupted', turn_id: 't' }), interrupted('t')],
  ['the same by the route of OpenAI', 'openai', answer(400, error('turn-interrupted')), interrupted()],
  [
    'a turn that failed',
    'sync',
    answer(422, { code: 'turn-failed', turn_id: 't' }),
    { kind: 'final', answer: { status: 'failed' }, turnId: 't' },
  ],
  ['an answer that is late', 'openai', answer(409, error('turn-pending')), { kind: 'acknowledged' }],
  [
    'a request that did not arrive in time',
    'sync',
    answer(408, { code: 'request-timeout' }),
    { kind: 'refused', code: 'request-timeout' },
  ],
  ['a refusal', 'sync', answer(503, { code: 'draining' }), { kind: 'refused', code: 'draining' }],
  ['a refusal of OpenAI', 'openai', answer(503, error('stopping')), { kind: 'refused', code: 'stopping' }],
  ['no answer', 'sync', { status: 0, why: 'ECONNRESET' }, { kind: 'unknown', why: 'ECONNRESET' }],
])('%s', (_what, route, given, outcome) => {
  expect(outcomeOf(route, given)).toEqual(outcome);
});

test.each<[what: string, route: Route, answer: Exchange]>([
  ['a refusal for no known reason', 'sync', answer(503, { code: 'no idea' })],
  [
    'a refusal that does not say when to come back',
    'sync',
    answer(503, { code: 'draining' }, { headers: {} } as Partial<Exchange>),
  ],
  ['a turn that ran, as a 503', 'sync', answer(503, { code: 'turn-interrupted', turn_id: 't' })],
  ['a refusal that is not a 503', 'sync', answer(500, { code: 'draining' })],
  ['an error of ours', 'sync', answer(400, { code: 'invalid-request' })],
  ['a reply without a turn', 'sync', answer(200, { status: 'done' })],
  ['chunks and an unknown error', 'openai-stream', answer(200, `${chunk('h')}data: ${JSON.stringify(error('x'))}\n\n`)],
])('strange: %s', (_what, route, given) => {
  expect(outcomeOf(route, given).kind).toBe('strange');
});
