/** The bare Fastify route of the turns, behind a gate: the home is its argument. */
import { openGate, releaseOnClose } from '@hermes/gateway/embed';
import { announce } from '../turns/announce.ts';
import { bareFastify } from '../turns/bare-route.ts';

const [home = ''] = process.argv.slice(2);
const gate = await openGate({ home });
const app = bareFastify();
app.addHook('preHandler', async (request, reply) => {
  const admission = gate.admit({ session: (request.body as { session: string }).session });
  if (!admission.admitted) return reply.code(503).send(admission.refusal.message);
  releaseOnClose(admission.permit, reply.raw);
  return undefined;
});
announce(await app.listen({ host: '127.0.0.1', port: 0 }));
