import sse, { type SSEPluginOptions } from '@fastify/sse';
import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { credentialOf } from '../auth/guard.ts';
import { problemResponses } from '../http/problem-schema.ts';
import type { EventFeed, FeedEvent, FeedReader } from './feed.ts';

// Its types describe a default export; what Node imports by default is the plugin itself.
const ssePlugin = sse as unknown as FastifyPluginAsync<SSEPluginOptions>;

const KEEP_ALIVE_MS = 15_000;

/** A reader that takes nothing for this long is cut off. */
export const STALL_MS = 30_000;

const RETRY_MS = 1_000;

const FAREWELL_MS = 1_000;

export interface EventRouteOptions {
  readonly feed: EventFeed;
  /** A test may have less patience. */
  readonly stallMs?: number | undefined;
}

/** `GET /api/events`. */
export const eventRoutes: FastifyPluginAsyncZod<EventRouteOptions> = async (api, { feed, stallMs = STALL_MS }) => {
  await api.register(ssePlugin, { heartbeatInterval: KEEP_ALIVE_MS, serializer: String });
  api.route({
    method: 'GET',
    url: '/events',
    // Whatever it says it accepts: an error would be no problem document, and nothing else is on offer.
    sse: 'manual',
    schema: {
      summary: 'Changes of all profiles as server-sent events',
      description:
        'First `snapshot` (`{now, profiles}`), then `profile` (the profile) at each change and `removed` (`{name}`). ' +
        'With the `Last-Event-ID` of an event of the same run, what was missed instead of the snapshot.',
      tags: ['status'],
      querystring: z.strictObject({}),
      headers: z.object({ 'last-event-id': z.string().optional().describe('The last event that was seen.') }),
      response: {
        200: { description: 'Events, without end.', content: { 'text/event-stream': { schema: z.string() } } },
        ...problemResponses([400, 401, 403, 429, 503]),
      },
    },
    handler: async (request, reply) => {
      const reader = feed.open(reply.sse.lastEventId);
      reply.sse.onClose(() => reader.close());
      const onRevoked = () => reader.close();
      const { revoked } = credentialOf(request);
      revoked.addEventListener('abort', onRevoked);
      if (revoked.aborted) reader.close();
      try {
        await follow(reader, reply, stallMs);
      } finally {
        revoked.removeEventListener('abort', onRevoked);
        reader.close();
        finish(reply);
      }
    },
  });
};

async function follow(reader: FeedReader, reply: FastifyReply, stallMs: number): Promise<void> {
  reply.sse.sendHeaders();
  // Else a client that resumes does not know that it is heard before something happens.
  reply.raw.write(`retry: ${RETRY_MS}\n\n`);
  for (;;) {
    const event = await reader.next();
    if (!event || !reply.sse.isConnected) return;
    await send(event, reader, reply, stallMs);
  }
}

/** Waits until the client has room for more; one that has none for too long, or when we end, is cut off. */
async function send(event: FeedEvent, reader: FeedReader, reply: FastifyReply, stallMs: number): Promise<void> {
  const sent = reply.sse.send(event);
  if (!reply.raw.writableNeedDrain) return sent;
  const cutOff = Promise.withResolvers<void>();
  const onCutOff = () => {
    reply.raw.destroy();
    cutOff.resolve();
  };
  const timer = setTimeout(onCutOff, stallMs);
  reader.closed.addEventListener('abort', onCutOff);
  await Promise.race([sent, cutOff.promise]);
  clearTimeout(timer);
  reader.closed.removeEventListener('abort', onCutOff);
}

/** What is still on its way may arrive, but nobody waits long for a client that does not take it. */
function finish(reply: FastifyReply): void {
  reply.sse.close();
  const timer = setTimeout(() => reply.raw.destroy(), FAREWELL_MS).unref();
  reply.raw.once('close', () => clearTimeout(timer));
}
