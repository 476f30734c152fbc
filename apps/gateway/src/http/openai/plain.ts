import { Readable } from 'node:stream';
import { withTimeout } from '@hermes/service-kit';
import type { FastifyReply } from 'fastify';
import type { Turn } from '../../turns/turn.ts';
import type { EventStream } from '../event-stream.ts';
import { completion, completionChunk } from './completions.ts';
import { endProblem } from './ends.ts';
import { openAiError } from './errors.ts';
import type { Silence } from './silence.ts';

/** The answer of an agent of plain text as a chat completion. @throws ProblemError when the turn has no reply. */
export async function plainCompletion(turn: Turn, model: string, reply: FastifyReply, silence: Silence) {
  await withTimeout(turn.whenOver, silence.first, () => undefined);
  if (turn.isOver) return wholeCompletion(turn, model);
  return reply
    .headers({ 'content-type': 'application/json; charset=utf-8', 'x-accel-buffering': 'no' })
    .send(Readable.from(lateCompletion(turn, model, reply, silence)));
}

function wholeCompletion(turn: Turn, model: string) {
  if (turn.status === 'done') return completion(turn, model);
  throw endProblem(turn);
}

/**
 * Sends white space until the turn has ended, then its answer. The head has already reported success, so after an end
 * without a reply the gateway can only close the connection: a retry finds the turn and gets its error.
 */
async function* lateCompletion(turn: Turn, model: string, reply: FastifyReply, { next }: Silence) {
  while (!turn.isOver) {
    yield ' ';
    await withTimeout(turn.whenOver, next, () => undefined);
  }
  if (turn.status === 'done') yield JSON.stringify(completion(turn, model));
  else reply.raw.destroy();
}

/** The same as chunks. */
export async function streamCompletion(
  turn: Turn,
  model: string,
  pieces: AsyncIterable<string>,
  stream: EventStream,
): Promise<void> {
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
