import { randomUUID } from 'node:crypto';
import { type FastifyInstance, fastify } from 'fastify';

const body = {
  type: 'object',
  required: ['session', 'text'],
  additionalProperties: false,
  properties: {
    session: { type: 'string', minLength: 1, maxLength: 200 },
    text: { type: 'string', minLength: 1, maxLength: 100_000 },
  },
} as const;

/** A server whose only route takes a message and answers it as a gateway would, and does nothing else. */
export function bareFastify(): FastifyInstance {
  const app: FastifyInstance = fastify();
  app.post<{ Body: { session: string; text: string } }>('/v1/messages', { schema: { body } }, async (request) => {
    const { session, text } = request.body;
    return { turn_id: randomUUID(), session, status: 'done', reply: text };
  });
  return app;
}
