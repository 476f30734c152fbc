/** `pipe PORT URL`: the least that a Fastify route can do to hand on the stream of a model server. */
import { writeSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { fastify } from 'fastify';

const [port, url] = process.argv.slice(2) as [string, string];
const app = fastify();
app.post('/v1/chat/completions', async (request, reply) => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(request.body) });
  return reply.header('content-type', 'text/event-stream').send(Readable.fromWeb(answer.body as ReadableStream));
});
await app.listen({ port: Number(port), host: '127.0.0.1' });
writeSync(Number(process.env['HERMES_NOTIFY_FD']), '\n');
