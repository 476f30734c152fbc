import { Readable } from 'node:stream';
import { withTimeout } from '@hermes/service-kit';
import type { FastifyReply } from 'fastify';
import type { RequestForm } from '../../journal/turn-store.ts';
import { readStoredError, type UpstreamError } from '../../openai-wire/upstream-error.ts';
import type { Turn } from '../../turns/turn.ts';
import type { EventStream } from '../event-stream.ts';
import { endProblem } from './ends.ts';
import { openAiError, responseErrorEvent, sendOpenAiError } from './errors.ts';
import type { Silence } from './silence.ts';

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8', 'x-accel-buffering': 'no' } as const;

/** Sends the answer of a model that is not streamed as it came. */
export async function sendForwarded(turn: Turn, reply: FastifyReply, silence: Silence): Promise<FastifyReply> {
  await withTimeout(turn.whenOver, silence.first, () => undefined);
  reply.headers(JSON_HEADERS);
  if (!turn.isOver) return reply.send(Readable.from(lateAnswer(turn, reply, silence)));
  return turn.status === 'done' ? reply.send(turn.reply) : sendFailure(turn, reply);
}

/** The head has already reported success: see `lateCompletion`. */
async function* lateAnswer(turn: Turn, reply: FastifyReply, { next }: Silence): AsyncIterable<string> {
  while (!turn.isOver) {
    yield ' ';
    await withTimeout(turn.whenOver, next, () => undefined);
  }
  if (turn.status === 'done') yield turn.reply;
  else reply.raw.destroy();
}

/** Sends the answer of a model as it comes. A failure before it begins has its own status. */
export async function streamForwarded(
  turn: Turn,
  reply: FastifyReply,
  pieces: AsyncIterable<string>,
  stream: EventStream,
  silence: Silence,
): Promise<FastifyReply | undefined> {
  const reader = pieces[Symbol.asyncIterator]();
  const first = reader.next();
  const begun = await withTimeout(first, silence.first, () => undefined);
  if (stream.left.aborted) return undefined;
  if (begun?.done && turn.status !== 'done') return sendFailure(turn, reply);
  stream.open();
  for (let piece = await first; !piece.done; piece = await reader.next()) await stream.write(piece.value);
  if (stream.left.aborted || (turn.status === 'done' && turn.isStreamWhole)) return undefined;
  await stream.write(errorEvent(turn));
  return undefined;
}

function sendFailure(turn: Turn, reply: FastifyReply): FastifyReply {
  const upstream = upstreamErrorOf(turn);
  if (upstream === undefined) return sendOpenAiError(reply, endProblem(turn));
  return reply.code(upstream.status).header('x-should-retry', 'false').send(upstream.body);
}

function errorEvent(turn: Turn): string {
  const problem = endProblem(turn);
  const { error } = upstreamErrorOf(turn)?.body ?? openAiError(problem.statusCode, problem.code, problem.message);
  const { form } = turn.message;
  return ERROR_EVENTS[form === 'responses' ? form : 'chat.completions'](error);
}

const ERROR_EVENTS: Readonly<Record<RequestForm, (error: object) => string>> = {
  'chat.completions': (error) => `data: ${JSON.stringify({ error })}\n\n`,
  responses: responseErrorEvent,
};

/** What the model server reported, if that is why the turn failed. */
function upstreamErrorOf(turn: Turn): UpstreamError | undefined {
  return turn.status === 'failed' ? readStoredError(turn.reply) : undefined;
}
