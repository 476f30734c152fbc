import { ProblemError, parseRequest, type ResponseBacklog, toProblem } from '@hermes/service-kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import type { TurnEngine } from '../../turns/engine.ts';
import type { Turn } from '../../turns/turn.ts';
import { EventStream } from '../event-stream.ts';
import { refusalProblem, unfinishedProblem } from '../refusal.ts';
import { settledWithin } from '../settled.ts';
import { completion, completionChunk } from './completions.ts';
import { openAiError, sendOpenAiError } from './errors.ts';
import { type CompletionRequest, completionSchema, lastUserText } from './schemas.ts';

/** The model that stands for the agent behind this gateway; any name is accepted. */
const MODEL = 'hermes';

/** How long an answer is waited for, in ms. */
const WAIT_MS = 600_000;

/** What clients of the OpenAI API call: `POST /v1/chat/completions`, streamed or not, and `GET /v1/models`. */
export function openAiRoutes(app: FastifyInstance, engine: TurnEngine, backlog: ResponseBacklog): void {
  const since = Math.floor(Date.now() / 1_000);
  app.setErrorHandler((error, request, reply) => {
    const problem = toProblem(error);
    if (problem.statusCode >= 500 && !(error instanceof ProblemError))
      request.log.error({ err: error }, 'request failed');
    return sendOpenAiError(reply, problem);
  });

  app.post('/v1/chat/completions', { sse: 'manual' }, async (request, reply) => {
    const body = parseRequest(completionSchema, request.body);
    const turn = await submit(engine, request, body);
    if (body.stream) return streamCompletion(turn, body.model, new EventStream(reply, backlog));
    await settledWithin(turn, WAIT_MS);
    if (turn.status === 'done') return completion(turn, body.model);
    throw turn.isSettled ? unfinishedProblem(turn, 'Idempotency-Key') : lateProblem(turn);
  });

  app.get('/v1/models', async () => ({
    object: 'list',
    data: [{ id: MODEL, object: 'model', created: since, owned_by: 'hermes' }],
  }));
}

async function submit(engine: TurnEngine, request: FastifyRequest, body: CompletionRequest): Promise<Turn> {
  const text = lastUserText(body);
  if (text === undefined)
    throw new ProblemError(400, 'invalid-request', 'Invalid request', 'messages: no text from the user in it.');
  const session = header(request, 'x-hermes-session-id') ?? body.user ?? uuidv7();
  const messageId = header(request, 'idempotency-key');
  const submission = await engine.submit({ session, text, messageId, kind: 'external' });
  if (submission.kind === 'accepted' || submission.kind === 'held') return submission.turn;
  throw refusalProblem(submission);
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = [request.headers[name]].flat()[0];
  if (value !== undefined && value.length > 200) {
    throw new ProblemError(400, 'invalid-request', 'Invalid request', `${name}: expected at most 200 characters.`);
  }
  return value || undefined;
}

function lateProblem(turn: Turn): ProblemError {
  return new ProblemError(
    504,
    'late',
    'No answer yet',
    `The message is stored as turn ${turn.id} and is answered later.`,
  );
}

async function streamCompletion(turn: Turn, model: string, stream: EventStream): Promise<void> {
  const send = (data: unknown) => stream.send({ data });
  await send(completionChunk(turn, model, { role: 'assistant', content: '' }, null));
  for await (const text of turn.chunks(stream.left)) await send(completionChunk(turn, model, { content: text }, null));
  if (stream.left.aborted) return;
  if (turn.status !== 'done') {
    const problem = turn.isSettled ? unfinishedProblem(turn, 'Idempotency-Key') : lateProblem(turn);
    await send(openAiError(problem.statusCode, problem.code, problem.message));
    return;
  }
  await send(completionChunk(turn, model, {}, 'stop'));
  await stream.send('[DONE]');
}
