import { type Exchange, parseObject } from './exchange.ts';
import type { Answer, Outcome, Route } from './history.ts';

type Body = Readonly<Record<string, unknown>>;

/** What a message may be refused with, in a 503. */
const REFUSALS: ReadonlySet<unknown> = new Set([
  'draining',
  'starting',
  'stopping',
  'overloaded',
  'storage-unavailable',
]);

/** Codes of the answers to a turn that ran and ended without a reply. */
const ENDINGS: Readonly<Record<string, Answer['status']>> = {
  'turn-interrupted': 'interrupted',
  'turn-failed': 'failed',
};

/** Their statuses: never one that says that nothing ran. */
const ENDED_BADLY: ReadonlySet<number> = new Set([400, 422]);

/** Stored, and answered later. */
const PENDING = 'turn-pending';

/** The request has not arrived in whole in time, as when the gateway was frozen meanwhile. */
const NOT_ARRIVED = 'request-timeout';

const FINAL: ReadonlySet<unknown> = new Set(['done', 'failed', 'interrupted']);

/** What an answer by `route` tells the sender of a message. Pure. */
export function outcomeOf(route: Route, answer: Exchange): Outcome {
  if ('why' in answer) return { kind: 'unknown', why: answer.why };
  if (answer.status !== 200 && answer.status !== 202) return outcomeOfProblem(answer);
  switch (route) {
    case 'sse':
      return outcomeOfStream(answer.text);
    case 'openai-stream':
      return outcomeOfChunks(answer.text);
    case 'openai':
      return answer.whole ? outcomeOfCompletion(parseObject(answer.text)) : { kind: 'acknowledged' };
    default:
      return answer.whole ? outcomeOfView(parseObject(answer.text)) : { kind: 'acknowledged' };
  }
}

function outcomeOfProblem(answer: Extract<Exchange, { headers: unknown }>): Outcome {
  const { status, headers, text, whole } = answer;
  if (!whole) return { kind: 'unknown', why: `an answer ${status} that broke off` };
  const body = parseObject(text);
  const error = (body.error ?? body) as Body;
  const turnId = typeof body.turn_id === 'string' ? body.turn_id : undefined;
  const ended = outcomeOfCode(error.code, turnId);
  const isEnd = ended?.kind === 'final' ? ENDED_BADLY.has(status) : status === 409;
  if (ended && isEnd) return ended;
  const isRefusal = status === 503 && REFUSALS.has(error.code) && headers['retry-after'] !== undefined;
  const isRefused = isRefusal || (status === 408 && error.code === NOT_ARRIVED);
  return isRefused ? { kind: 'refused', code: String(error.code) } : strange(`${status} ${text}`);
}

function outcomeOfCode(code: unknown, turnId: string | undefined): Outcome | undefined {
  if (code === PENDING) return { kind: 'acknowledged', turnId };
  const status = ENDINGS[String(code)];
  return status && { kind: 'final', answer: { status }, turnId };
}

function outcomeOfView(view: Body): Outcome {
  const { turn_id: turnId, status, reply } = view;
  if (typeof turnId !== 'string') return strange(JSON.stringify(view));
  if (!FINAL.has(status)) return { kind: 'acknowledged', turnId };
  const answer = { status: status as Answer['status'], reply: reply === undefined ? undefined : String(reply) };
  return { kind: 'final', answer, turnId };
}

function outcomeOfStream(text: string): Outcome {
  const views = [...text.matchAll(/^event: turn\ndata: (.*)\n/gm)].map(([, data = '']) => parseObject(data));
  const last = views.at(-1);
  return last === undefined ? { kind: 'unknown', why: 'a stream without an event' } : outcomeOfView(last);
}

interface Completion {
  readonly id?: string;
  readonly choices?: readonly { readonly message?: Body; readonly delta?: Body }[];
}

function outcomeOfCompletion(body: Body): Outcome {
  const { id, choices } = body as Completion;
  const reply = choices?.[0]?.message?.content;
  if (id === undefined || reply === undefined) return strange(JSON.stringify(body));
  return { kind: 'final', answer: { status: 'done', reply: String(reply) }, turnId: turnOf(id) };
}

function outcomeOfChunks(text: string): Outcome {
  const data = [...text.matchAll(/^data: (.*)\n/gm)].map(([, line = '']) => line);
  const chunks = data.map((line) => parseObject(line) as Completion & { readonly error?: Body });
  const id = chunks.find((chunk) => chunk.id !== undefined)?.id;
  if (id === undefined) return { kind: 'unknown', why: 'a stream without a chunk' };
  const error = chunks.find((chunk) => chunk.error !== undefined)?.error;
  if (error !== undefined) return outcomeOfCode(error.code, turnOf(id)) ?? strange(JSON.stringify(error));
  if (data.at(-1) !== '[DONE]') return { kind: 'acknowledged', turnId: turnOf(id) };
  const reply = chunks.map((chunk) => chunk.choices?.[0]?.delta?.content ?? '').join('');
  return { kind: 'final', answer: { status: 'done', reply }, turnId: turnOf(id) };
}

function turnOf(completionId: string): string {
  return completionId.replace(/^chatcmpl-/, '');
}

function strange(what: string): Outcome {
  return { kind: 'strange', what: what.slice(0, 300) };
}
