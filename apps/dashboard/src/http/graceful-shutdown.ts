import type { FastifyInstance, FastifyReply } from 'fastify';

/**
 * Makes closing `app` end what waits for something to happen, and let the answers under way be sent. What is then still open is no answer
 * (a browser keeps spare connections, a client may have sent half a request): the server, which has to be created with
 * `forceCloseConnections: true`, cuts it off.
 */
export function installGracefulShutdown(app: FastifyInstance, endWaiting: () => void): void {
  const underWay = new Set<FastifyReply>();
  const closing = Promise.withResolvers<void>();
  let isClosing = false;

  const finishIfIdle = () => {
    if (isClosing && underWay.size === 0) closing.resolve();
  };
  app.addHook('onRequest', async (_request, reply) => {
    const done = () => {
      underWay.delete(reply);
      finishIfIdle();
    };
    underWay.add(reply);
    // A client that has gone away leaves an answer that is closed without having been finished.
    reply.raw.once('finish', done).once('close', done);
  });
  app.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close');
  });
  app.addHook('preClose', async () => {
    isClosing = true;
    endWaiting();
    finishIfIdle();
    await closing.promise;
  });
}
