/** A bare Fastify route that takes a message and answers it as a gateway would. */
import { announce } from './announce.ts';
import { bareFastify } from './bare-route.ts';

announce(await bareFastify().listen({ host: '127.0.0.1', port: 0 }));
