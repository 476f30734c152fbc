import { Readable } from 'node:stream';
import { withTimeout } from '@hermes/service-kit';
import type { FastifyReply } from 'fastify';
import type { Turn } from '../../turns/turn.ts';
import type { EventStream } from '../event-stream.ts';
import { completionChunk } from './completions.ts';
import { endProblem } from './ends.ts';
import { openAiError, responseErrorEvent } from './errors.ts';
import { closingEvents, deltaEvent, openingEvents, type PlainEvent } from './responses.ts';
import type { Silence } from './silence.ts';

/**
 * The answer of an agent of plain text. @param whole its format, for a turn that has a reply.
 * @throws ProblemError when the turn has none.
 */
export async function plainAnswer(turn: Turn, whole: (turn: Turn) => object, reply: FastifyReply, silence: Silence) {
  await withTimeout(turn.whenOver, silence.first, () => undefined);
  if (turn.status === 'done') return whole(turn);
  if (turn.isOver) throw endProblem(turn);
  return reply
    .headers({ 'content-type': 'application/json; charset=utf-8', 'x-accel-buffering': 'no' })
    .send(Readable.from(lateAnswer(turn, whole, reply, silence)));
}

/**
 * Sends white space until the turn has ended, then its answer. The head has already reported success, so after an end
 * without a reply the gateway can only close the connection: a retry finds the turn and gets its error.
 */
async function* lateAnswer(turn: Turn, whole: (turn: Turn) => object, reply: FastifyReply, { next }: Silence) {
  while (!turn.isOver) {
    yield ' ';
    await withTimeout(turn.whenOver, next, () => undefined);
  }
  if (turn.status === 'done') yield JSON.stringify(whole(turn));
  else reply.raw.destroy();
}

/** What is streamed of an answer, and to whom. */
export interface PlainStream {
  readonly turn: Turn;
  readonly model: string;
  readonly pieces: AsyncIterable<string>;
  readonly stream: EventStream;
}

/** The answer as chunks of a chat completion. */
export async function streamCompletion({ turn, model, pieces, stream }: PlainStream): Promise<void> {
  const send = (data: unknown) => stream.send({ data });
  await send(completionChunk(turn, model, { role: 'assistant', content: '' }, null));
  for await (const text of pieces) await send(completionChunk(turn, model, { content: text }, null));
  if (stream.left.aborted) return;
  if (turn.status !== 'done' || !turn.isStreamWhole) {
    const problem = endProblem(turn);
    await send(openAiError(problem.statusCode, problem.code, problem.message));
    return;
  }
  await send(completionChunk(turn, model, {}, 'stop'));
  await stream.send('[DONE]');
}

/** The answer as the events of a response. */
export async function streamResponse({ turn, model, pieces, stream }: PlainStream): Promise<void> {
  let count = 0;
  const send = async (events: readonly PlainEvent[]) => {
    for (const event of events) await stream.send({ event: event.type, data: { ...event, sequence_number: count++ } });
  };
  await send(openingEvents(turn, model));
  for await (const text of pieces) await send([deltaEvent(turn, text)]);
  if (stream.left.aborted) return;
  if (turn.status === 'done' && turn.isStreamWhole) return send(closingEvents(turn, model));
  const problem = endProblem(turn);
  const { error } = openAiError(problem.statusCode, problem.code, problem.message);
  await stream.write(responseErrorEvent(error));
}
