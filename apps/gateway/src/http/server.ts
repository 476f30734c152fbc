import sse, { type SSEPluginOptions } from '@fastify/sse';
import { installProblems, sendClientProblem, sendFrameworkProblem } from '@hermes/service-kit';
import { type FastifyInstance, type FastifyPluginAsync, fastify } from 'fastify';
import type { EventHub } from '../events/event-hub.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { TurnEngine } from '../turns/engine.ts';
import { type AccessRules, checkAccess } from './access.ts';
import { messageRoutes } from './messages.ts';
import { metricsRoute } from './metrics.ts';
import { openAiRoutes } from './openai/routes.ts';
import { type ProbeReadings, probeRoutes } from './probes.ts';
import { sessionRoutes } from './sessions.ts';

const MAX_BODY_BYTES = 1024 * 1024;

/** How long a client may take to send its request, in ms. How long it waits for the answer is another matter. */
const RECEIVE_TIMEOUT_MS = 30_000;

// Its types describe a default export; what Node imports by default is the plugin itself.
const ssePlugin = sse as unknown as FastifyPluginAsync<SSEPluginOptions>;

export interface ServerParts {
  readonly engine: TurnEngine;
  readonly hub: EventHub;
  readonly metrics: Metrics;
  readonly access: AccessRules;
  readonly probes: () => ProbeReadings;
}

/** The HTTP API, not listening yet. */
export async function createServer(parts: ServerParts): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: RECEIVE_TIMEOUT_MS,
    http: { connectionsCheckingInterval: 5_000 },
    routerOptions: { maxParamLength: 200 },
    // What still comes on a connection in use is refused by our own rules, in our own words.
    return503OnClosing: false,
    frameworkErrors: sendFrameworkProblem,
    clientErrorHandler: sendClientProblem,
  });
  installProblems(app);
  probeRoutes(app, parts.probes);
  await app.register(async (v1) => {
    v1.addHook('onRequest', async (request) => checkAccess(parts.access, request));
    await v1.register(ssePlugin, { heartbeatInterval: 15_000 });
    messageRoutes(v1, parts.engine);
    sessionRoutes(v1, parts.hub);
    metricsRoute(v1, parts.metrics);
    await v1.register(async (openai) => openAiRoutes(openai, parts.engine));
  });
  return app;
}
