import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { DrainWaits } from '../drain/wait.ts';

/**
 * Makes closing `app` answer the long-polls and let the answers under way be sent. What is then still open is no answer
 * (a browser keeps spare connections, a client may have sent half a request): the server, which has to be created with
 * `forceCloseConnections: true`, cuts it off.
 */
export function installPromptClose(app: FastifyInstance, waits: DrainWaits): void {
  const underWay = new Set<FastifyRequest>();
  const closing = Promise.withResolvers<void>();
  let isClosing = false;

  const finishIfIdle = () => {
    if (isClosing && underWay.size === 0) closing.resolve();
  };
  app.addHook('onRequest', async (request) => {
    underWay.add(request);
  });
  app.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close');
  });
  app.addHook('onResponse', async (request) => {
    underWay.delete(request);
    finishIfIdle();
  });
  app.addHook('preClose', async () => {
    isClosing = true;
    waits.end();
    finishIfIdle();
    await closing.promise;
  });
}
