import { withTimeout } from '@hermes/service-kit';
import { ProblemError, type ResponseBacklog } from '@hermes/service-kit/http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { contentSchema, textSchema } from '../openai-wire/parts-schema.ts';
import type { TurnEngine } from '../turns/engine.ts';
import type { Inbox } from '../turns/receive.ts';
import type { Message, Turn } from '../turns/turn.ts';
import { viewTurn, viewTurnInFull } from '../turns/view.ts';
import { attend, type OnDisconnect } from './attendance.ts';
import { contentFor, type TakesParts } from './content.ts';
import { EventStream } from './event-stream.ts';
import type { LargeBodies } from './large-bodies.ts';
import { idempotencyKey, originOf } from './origin.ts';
import { type Preferences, parsePrefer } from './prefer.ts';
import { type EndedBadly, refusalProblem, unfinishedProblem } from './refusal.ts';
import { takeBody } from './take-body.ts';

const ONE_CONTENT = 'expected text or content, one of the two';

const idSchema = z.string().min(1).max(200);
const messageSchema = z
  .strictObject({
    session: idSchema,
    text: textSchema.optional(),
    content: contentSchema.optional(),
    message_id: idSchema.optional(),
  })
  .refine(({ text, content }) => (text === undefined) !== (content === undefined), {
    error: ONE_CONTENT,
    path: ['text'],
  });

/** Clients and proxies that retry a 5xx do not retry this status, and it does not blame the request. */
const ENDED_BADLY: EndedBadly = { status: 422, idName: 'message_id' };

/** How long a request waits for the end of the turn that it interrupts, in ms. */
const INTERRUPT_WAIT_MS = 5_000;

export interface MessageRouteParts {
  readonly engine: TurnEngine;
  /** What accepts the messages. Default: the engine. */
  readonly inbox?: Inbox | undefined;
  readonly backlog: ResponseBacklog;
  readonly onDisconnect: OnDisconnect;
  /** Counts large bodies, which may be up to `bodyLimit` bytes. */
  readonly bodies: LargeBodies;
  readonly bodyLimit: number;
}

/** `POST /v1/messages`, and `GET` and `DELETE /v1/turns/:id`. */
export function messageRoutes(app: FastifyInstance, parts: MessageRouteParts): void {
  const { engine, inbox = engine, backlog, onDisconnect, bodies, bodyLimit } = parts;
  app.post('/v1/messages', { sse: 'dual', bodyLimit, onRequest: bodies.reserve(bodyLimit) }, async (request, reply) => {
    const preferences = parsePrefer(request.headers.prefer);
    const message = messageOf(request, preferences, engine.agent);
    bodies.release(request);
    const { turn, isQueued } = await submit(inbox, message);
    if (!preferences.respondAsync) attend(engine, turn, reply.raw, onDisconnect);
    if (reply.sse) return streamTurn(engine, turn, new EventStream(reply, backlog));
    if (isQueued)
      return reply
        .code(202)
        .header('location', `/v1/turns/${turn.id}`)
        .send({ ...viewTurn(turn), queued: true });
    if (preferences.respondAsync) return acceptedLater(turn, reply.header('preference-applied', 'respond-async'));
    await withTimeout(turn.whenOver, preferences.wait * 1_000, () => undefined);
    if (!turn.isSettled) return acceptedLater(turn, reply);
    if (turn.status !== 'done') throw unfinishedProblem(turn, ENDED_BADLY);
    return viewTurn(turn);
  });

  app.get<{ Params: { id: string } }>('/v1/turns/:id', { sse: 'dual' }, async (request, reply) => {
    const turn = await requireTurn(engine, request.params.id);
    if (reply.sse) return streamTurn(engine, turn, new EventStream(reply, backlog));
    return reply.header('cache-control', 'no-store').send(viewTurnInFull(turn));
  });

  app.delete<{ Params: { id: string } }>('/v1/turns/:id', async (request, reply) => {
    const turn = await requireTurn(engine, request.params.id);
    engine.interrupt(turn, INTERRUPTED);
    await withTimeout(turn.whenOver, INTERRUPT_WAIT_MS, () => undefined);
    return reply.code(turn.isSettled ? 200 : 202).send(viewTurnInFull(turn));
  });
}

const INTERRUPTED = 'This turn was interrupted on request.';

/** @throws ProblemError 404 */
async function requireTurn(engine: TurnEngine, id: string): Promise<Turn> {
  const turn = await engine.find(id);
  if (turn) return turn;
  const detail = 'There is no turn with this id, or it ended too long ago.';
  throw new ProblemError(404, 'turn-unknown', 'No such turn', detail);
}

interface Stored {
  readonly turn: Turn;
  /** The submission waits until the end of a drain. */
  readonly isQueued: boolean;
}

/** @throws ProblemError when the message was not stored. */
async function submit(inbox: Inbox, message: Message): Promise<Stored> {
  const submission = await inbox.submit(message);
  if (submission.kind === 'accepted' || submission.kind === 'queued') {
    return { turn: submission.turn, isQueued: submission.kind === 'queued' };
  }
  throw refusalProblem(submission);
}

/** A client that is answered at once has no reason to retry, so the same text is then a new message. */
function messageOf(request: FastifyRequest, { respondAsync }: Preferences, agent: TakesParts): Message {
  const messageId = idempotencyKey(request);
  const origin = respondAsync ? undefined : originOf(request);
  const { session, text = '', content = text, message_id } = takeBody(messageSchema, request);
  return {
    session,
    ...contentFor(agent, 'content', content),
    messageId: message_id ?? messageId,
    kind: 'external',
    origin,
  };
}

function acceptedLater(turn: Turn, reply: FastifyReply): FastifyReply {
  return reply.code(202).header('location', `/v1/turns/${turn.id}`).send(viewTurn(turn));
}

/** Sends the event `turn`, then `delta` for each piece of the reply, then `turn` again with the end. */
async function streamTurn(engine: TurnEngine, turn: Turn, stream: EventStream): Promise<void> {
  await stream.send({ event: 'turn', data: viewTurn(turn) });
  for await (const text of engine.read(turn, stream.left)) await stream.send({ event: 'delta', data: { text } });
  if (!stream.left.aborted) await stream.send({ event: 'turn', data: viewTurn(turn) });
}
