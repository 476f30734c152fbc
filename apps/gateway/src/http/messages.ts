import { ProblemError, type ResponseBacklog } from '@hermes/service-kit';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { TurnEngine } from '../turns/engine.ts';
import type { Turn } from '../turns/turn.ts';
import { viewTurn, viewTurnInFull } from '../turns/view.ts';
import { EventStream } from './event-stream.ts';
import { parsePrefer } from './prefer.ts';
import { refusalProblem, unfinishedProblem } from './refusal.ts';
import { settledWithin } from './settled.ts';
import { takeBody } from './take-body.ts';

const idSchema = z.string().min(1).max(200);
const messageSchema = z.strictObject({
  session: idSchema,
  text: z.string().min(1).max(100_000),
  message_id: idSchema.optional(),
});

/** `POST /v1/messages` and `GET /v1/turns/:id`. */
export function messageRoutes(app: FastifyInstance, engine: TurnEngine, backlog: ResponseBacklog): void {
  app.post('/v1/messages', { sse: 'dual' }, async (request, reply) => {
    const { turn, held } = await submit(engine, takeBody(messageSchema, request));
    if (reply.sse) return streamTurn(turn, reply, backlog);
    if (held)
      return reply
        .code(202)
        .header('location', `/v1/turns/${turn.id}`)
        .send({ ...viewTurn(turn), queued: true });
    const preferences = parsePrefer(request.headers.prefer);
    if (preferences.respondAsync) return acceptedLater(turn, reply.header('preference-applied', 'respond-async'));
    await settledWithin(turn, preferences.wait * 1_000);
    if (!turn.isSettled) return acceptedLater(turn, reply);
    if (turn.status !== 'done') throw unfinishedProblem(turn, 'message_id');
    return viewTurn(turn);
  });

  app.get<{ Params: { id: string } }>('/v1/turns/:id', async (request) => {
    const turn = await engine.find(request.params.id);
    if (turn) return viewTurnInFull(turn);
    throw new ProblemError(
      404,
      'turn-unknown',
      'No such turn',
      'There is no turn with this id, or it ended too long ago.',
    );
  });
}

interface Stored {
  readonly turn: Turn;
  /** Until the end of a drain. */
  readonly held: boolean;
}

/** @throws ProblemError when the message was not stored. */
async function submit(engine: TurnEngine, body: z.infer<typeof messageSchema>): Promise<Stored> {
  const message = { session: body.session, text: body.text, messageId: body.message_id, kind: 'external' } as const;
  const submission = await engine.submit(message);
  if (submission.kind === 'accepted' || submission.kind === 'held') {
    return { turn: submission.turn, held: submission.kind === 'held' };
  }
  throw refusalProblem(submission);
}

function acceptedLater(turn: Turn, reply: FastifyReply): FastifyReply {
  return reply.code(202).header('location', `/v1/turns/${turn.id}`).send(viewTurn(turn));
}

/** Events `turn`, then `delta` for each piece of the reply, then `turn` again as it ended. */
async function streamTurn(turn: Turn, reply: FastifyReply, backlog: ResponseBacklog): Promise<void> {
  const stream = new EventStream(reply, backlog);
  await stream.send({ event: 'turn', data: viewTurn(turn) });
  for await (const text of turn.chunks(stream.left)) await stream.send({ event: 'delta', data: { text } });
  if (!stream.left.aborted) await stream.send({ event: 'turn', data: viewTurn(turn) });
}
