import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Channel, PushRequest, PushTakers } from '../channels/channel.ts';
import { StorageError } from '../journal/storage-error.ts';
import { NotReceivedError } from '../turns/receive.ts';
import { refusalProblem } from './refusal.ts';

export interface ChannelRouteParts {
  readonly channels: readonly Channel[];
  readonly takers: PushTakers;
}

/** The routes of the channels, below `/v1/channels/NAME`. The key of the API is not required. */
export function channelRoutes(app: FastifyInstance, { channels, takers }: ChannelRouteParts): void {
  // A signature is of the bytes, whatever they are.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  for (const { name, routes = [] } of channels) {
    for (const route of routes) {
      app.route({
        method: route.method,
        url: `/v1/channels/${name}${route.path}`,
        handler: async (request, reply) => {
          const { status, headers = {}, body = '' } = await retriable(route.answer(pushOf(request), takers));
          return reply.code(status).headers(headers).send(body);
        },
      });
    }
  }
}

function pushOf({ headers, query, body }: FastifyRequest): PushRequest {
  return { headers, query: query as PushRequest['query'], body: Buffer.isBuffer(body) ? body : Buffer.alloc(0) };
}

/** @throws ProblemError 503 for what was not stored. */
async function retriable<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NotReceivedError) throw refusalProblem(error.submission);
    if (error instanceof StorageError) throw refusalProblem({ kind: 'unstored' });
    throw error;
  }
}
