/**
 * `graphile-route URL`: a bare Fastify route that runs each message as a job of graphile-worker, in a queue of its
 * session, and answers when the job has ended.
 */
import { randomUUID } from 'node:crypto';
import { fastify } from 'fastify';
import { makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';
import { announce } from '../turns/announce.ts';

/** Jobs that run at the same time: as many as the bench has connections. */
const CONCURRENCY = 50;

const [connectionString = ''] = process.argv.slice(2);
const pgPool = new pg.Pool({ connectionString, max: 60 });
pgPool.on('error', () => undefined);
const waiting = new Map<string, () => void>();
const utils = await makeWorkerUtils({ pgPool });
await utils.migrate();
await run({
  pgPool,
  concurrency: CONCURRENCY,
  pollInterval: 1_000,
  noHandleSignals: true,
  taskList: {
    turn: async (payload) => {
      const { id } = payload as { id: string };
      waiting.get(id)?.();
      waiting.delete(id);
    },
  },
});
const app = fastify();
app.post<{ Body: { session: string; text: string } }>('/v1/messages', async (request) => {
  const { session, text } = request.body;
  const id = randomUUID();
  const ended = new Promise<void>((resolve) => waiting.set(id, resolve));
  await utils.addJob('turn', { id, text }, { queueName: session });
  await ended;
  return { turn_id: id, session, status: 'done', reply: text };
});
announce(await app.listen({ host: '127.0.0.1', port: 0 }));
