import { Readable } from 'node:stream';
import { withTimeout } from '@hermes/service-kit';
import { ProblemError, type ResponseBacklog, toProblem } from '@hermes/service-kit/http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { v5 as uuidv5, v7 as uuidv7 } from 'uuid';
import type { TurnEngine } from '../../turns/engine.ts';
import type { Origin } from '../../turns/repeats.ts';
import type { Message, Turn } from '../../turns/turn.ts';
import { attend, type OnDisconnect } from '../attendance.ts';
import { EventStream } from '../event-stream.ts';
import { idempotencyKey, originOf, shortHeader } from '../origin.ts';
import { brokenStreamProblem, type EndedBadly, pendingProblem, refusalProblem, unfinishedProblem } from '../refusal.ts';
import { takeBody } from '../take-body.ts';
import { completion, completionChunk } from './completions.ts';
import { openAiError, sendOpenAiError } from './errors.ts';
import { LargeBodies, MIB } from './large-bodies.ts';
import { type CompletionRequest, completionSchema, lastUserText } from './schemas.ts';

/** The name of the model for the agent of this gateway; any name is accepted. */
const MODEL = 'hermes';

/** The only status that no common client retries: they retry 422 and 409, and of course 500. */
const ENDED_BADLY: EndedBadly = { status: 400, idName: 'Idempotency-Key' };

/**
 * Maximum silence of an answer that is not streamed, in ms. Then its head and white space are sent to prevent timeouts:
 * proxies time out after 60 s, and Node's clients after 300 s.
 */
const SILENCE: Silence = { first: 40_000, next: 15_000 };

export interface Silence {
  readonly first: number;
  readonly next: number;
}

/** The namespace of sessions that are derived from the key of a request. */
const SESSIONS_OF_KEYS = '5f8f5a6e-6a0c-4d0b-9a55-1a4b5a1f3a4e';

export interface OpenAiRouteParts {
  readonly engine: TurnEngine;
  readonly backlog: ResponseBacklog;
  readonly onDisconnect: OnDisconnect;
  /** Maximum size of a request, in MiB. */
  readonly maxBodyMib: number;
  /** Limit of the bytes of all large bodies together. Default: a share of the heap. */
  readonly maxBodiesBytes?: number | undefined;
  /** Overrides of the default times. */
  readonly silence?: Silence | undefined;
}

/** The routes for clients of the OpenAI API: `POST /v1/chat/completions`, streamed or not, and `GET /v1/models`. */
export function openAiRoutes(app: FastifyInstance, parts: OpenAiRouteParts): void {
  const { engine, backlog, onDisconnect, maxBodyMib, maxBodiesBytes, silence = SILENCE } = parts;
  const bodyLimit = maxBodyMib * MIB;
  const bodies = new LargeBodies(bodyLimit, maxBodiesBytes);
  const since = Math.floor(Date.now() / 1_000);
  app.setErrorHandler((error, request, reply) => {
    const problem = tooLarge(toProblem(error), maxBodyMib);
    if (problem.statusCode >= 500 && !(error instanceof ProblemError))
      request.log.error({ err: error }, 'request failed');
    return sendOpenAiError(reply, problem);
  });

  bodies.watch(app, bodyLimit);
  app.post('/v1/chat/completions', { sse: 'manual', bodyLimit }, async (request, reply) => {
    const { message, model, isStreamed } = readCompletion(request);
    bodies.release(request);
    const turn = await submit(engine, message);
    attend(engine, turn, reply.raw, onDisconnect);
    if (isStreamed) {
      const stream = new EventStream(reply, backlog);
      return streamCompletion(turn, model, engine.read(turn, stream.left), stream);
    }
    await withTimeout(turn.whenOver, silence.first, () => undefined);
    if (turn.isOver) return wholeCompletion(turn, model);
    return reply
      .headers({ 'content-type': 'application/json; charset=utf-8', 'x-accel-buffering': 'no' })
      .send(Readable.from(lateCompletion(turn, model, reply, silence)));
  });

  app.get('/v1/models', async () => ({
    object: 'list',
    data: [{ id: MODEL, object: 'model', created: since, owned_by: 'hermes' }],
  }));
}

function tooLarge(problem: ProblemError, mib: number): ProblemError {
  if (problem.code !== 'body-too-large') return problem;
  const detail = `The body is larger than ${mib} MiB. Send a smaller one, or raise api_server.max_body_mib in the gateway's config.yaml.`;
  return new ProblemError(413, problem.code, problem.title, detail);
}

/** Extracts the message from a request, which then no longer keeps its body. */
function readCompletion(request: FastifyRequest): { message: Message; model: string; isStreamed: boolean } {
  const origin = originOf(request);
  const body = takeBody(completionSchema, request);
  return { message: messageOf(request, body, origin), model: body.model, isStreamed: body.stream === true };
}

async function submit(engine: TurnEngine, message: Message): Promise<Turn> {
  const submission = await engine.submit(message);
  if (submission.kind === 'accepted' || submission.kind === 'queued') return submission.turn;
  throw refusalProblem(submission);
}

/** A request without a session name gets a new session, and the same one for a retry with the same key. */
function messageOf(request: FastifyRequest, body: CompletionRequest, origin: Origin): Message {
  const text = lastUserText(body);
  if (text === undefined)
    throw new ProblemError(
      400,
      'invalid-request',
      'Invalid request',
      'messages: expected text from the user, found none.',
    );
  const messageId = idempotencyKey(request);
  const named = shortHeader(request, 'x-hermes-session-id') ?? body.user ?? undefined;
  const made = () => (messageId ? uuidv5(`${messageId} ${origin.fingerprint}`, SESSIONS_OF_KEYS) : uuidv7());
  const isAlone = named === undefined;
  return { session: named ?? made(), text, messageId, kind: 'external', conversation: 'separate', origin, isAlone };
}

/** @throws ProblemError when the turn has no reply. */
function wholeCompletion(turn: Turn, model: string) {
  if (turn.status === 'done') return completion(turn, model);
  throw turn.isSettled ? unfinishedProblem(turn, ENDED_BADLY) : pendingProblem(turn);
}

/** Why a stream ends without its reply. */
function endProblem(turn: Turn): ProblemError {
  if (!turn.isSettled) return pendingProblem(turn);
  return turn.status === 'done' ? brokenStreamProblem(turn) : unfinishedProblem(turn, ENDED_BADLY);
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

async function streamCompletion(
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
