import { ProblemError, type ResponseBacklog, toProblem } from '@hermes/service-kit/http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RequestForm } from '../../journal/turn-store.ts';
import type { TurnEngine } from '../../turns/engine.ts';
import type { Message, Turn } from '../../turns/turn.ts';
import { attend, type OnDisconnect } from '../attendance.ts';
import { EventStream } from '../event-stream.ts';
import { type LargeBodies, MIB } from '../large-bodies.ts';
import { refusalProblem } from '../refusal.ts';
import { completion } from './completions.ts';
import { sendOpenAiError } from './errors.ts';
import { sendForwarded, streamForwarded } from './forwarded.ts';
import { modelRoutes } from './models.ts';
import { plainAnswer, streamCompletion, streamResponse } from './plain.ts';
import { readForwarded, readPlain } from './read-request.ts';
import { response } from './responses.ts';
import { SILENCE, type Silence } from './silence.ts';

export interface OpenAiRouteParts {
  readonly engine: TurnEngine;
  readonly backlog: ResponseBacklog;
  readonly onDisconnect: OnDisconnect;
  /** Maximum size of a request, in MiB. */
  readonly maxBodyMib: number;
  readonly bodies: LargeBodies;
  /** Overrides of the default times. */
  readonly silence?: Silence | undefined;
}

/**
 * The routes for clients of the OpenAI API: `POST /v1/chat/completions` and `POST /v1/responses`, streamed or not, and
 * `GET /v1/models`. An agent that forwards gets requests as they come, and its answers are sent as they come.
 */
export function openAiRoutes(app: FastifyInstance, parts: OpenAiRouteParts): void {
  const { engine, backlog, onDisconnect, maxBodyMib, bodies, silence = SILENCE } = parts;
  const bodyLimit = maxBodyMib * MIB;
  app.setErrorHandler((error, request, reply) => {
    const problem = tooLarge(toProblem(error), maxBodyMib);
    if (problem.statusCode >= 500 && !(error instanceof ProblemError))
      request.log.error({ err: error }, 'request failed');
    return sendOpenAiError(reply, problem);
  });

  const accept = async (message: Message, request: FastifyRequest, reply: FastifyReply) => {
    bodies.release(request);
    const turn = await submit(engine, message);
    attend(engine, turn, reply.raw, onDisconnect);
    return turn;
  };

  const forward = async (request: FastifyRequest, reply: FastifyReply, form: RequestForm) => {
    const { message, isStreamed } = readForwarded(request, form);
    const turn = await accept(message, request, reply);
    if (!isStreamed) return sendForwarded(turn, reply, silence);
    const stream = new EventStream(reply, backlog);
    return streamForwarded(turn, reply, engine.read(turn, stream.left), stream, silence);
  };

  const answer = async (request: FastifyRequest, reply: FastifyReply, form: RequestForm) => {
    if (engine.forwards) return forward(request, reply, form);
    const { message, model, isStreamed } = readPlain(request, form, engine.agent);
    const turn = await accept(message, request, reply);
    const { whole, streamed } = PLAIN_ANSWERS[form];
    if (!isStreamed) return plainAnswer(turn, (ended) => whole(ended, model), reply, silence);
    const stream = new EventStream(reply, backlog);
    return streamed({ turn, model, pieces: engine.read(turn, stream.left), stream });
  };

  const options = { sse: 'manual', bodyLimit, onRequest: bodies.reserve(bodyLimit) } as const;
  app.post('/v1/chat/completions', options, (request, reply) => answer(request, reply, 'chat.completions'));
  app.post('/v1/responses', options, (request, reply) => answer(request, reply, 'responses'));

  modelRoutes(app, engine);
}

/** The answers of an agent of plain text. */
const PLAIN_ANSWERS = {
  'chat.completions': { whole: completion, streamed: streamCompletion },
  responses: { whole: response, streamed: streamResponse },
} as const satisfies Record<RequestForm, object>;

function tooLarge(problem: ProblemError, mib: number): ProblemError {
  if (problem.code !== 'body-too-large') return problem;
  const detail = `The body is larger than ${mib} MiB. Send a smaller one, or raise api_server.max_body_mib in the gateway's config.yaml.`;
  return new ProblemError(413, problem.code, problem.title, detail);
}

async function submit(engine: TurnEngine, message: Message): Promise<Turn> {
  const submission = await engine.submit(message);
  if (submission.kind === 'accepted' || submission.kind === 'queued') return submission.turn;
  throw refusalProblem(submission);
}
