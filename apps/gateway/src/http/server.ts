import sse, { type SSEPluginOptions } from '@fastify/sse';
import {
  installProblems,
  notFound,
  ProblemError,
  type ResponseBacklog,
  sendClientProblem,
  sendFrameworkProblem,
  sendProblem,
  WrongSecrets,
} from '@hermes/service-kit/http';
import {
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyReply,
  type FastifyRequest,
  fastify,
} from 'fastify';
import type { EventHub } from '../events/event-hub.ts';
import type { TurnHistory } from '../journal/turn-store.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { TurnEngine } from '../turns/engine.ts';
import type { Inbox } from '../turns/receive.ts';
import { type AccessRules, checkAccess, checkHost, DEFAULT_MAX_BODY_MIB } from './access.ts';
import type { OnDisconnectRules } from './attendance.ts';
import { type ChannelRouteParts, channelRoutes } from './channel-routes.ts';
import { allowOrigins } from './cors.ts';
import { type EventTicketOptions, EventTickets } from './event-tickets.ts';
import { type GatewayStatus, gatewayStatusRoute } from './gateway-status.ts';
import { historyRoute } from './history.ts';
import { LargeBodies, MIB } from './large-bodies.ts';
import { messageRoutes } from './messages.ts';
import { metricsRoute } from './metrics.ts';
import { openAiError } from './openai/errors.ts';
import { openAiRoutes } from './openai/routes.ts';
import type { Silence } from './openai/silence.ts';
import { pageRoutes } from './page.ts';
import { type ProbeReadings, probeRoutes } from './probes.ts';
import { refusalProblem } from './refusal.ts';
import { sessionRoutes } from './sessions.ts';
import { ticketRoute } from './tickets.ts';

/** Maximum size of a request; requests that may contain images have their own limit. */
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Timeouts for the head of a request and for the whole request, and the interval of their check, in ms: an incomplete
 * request keeps a connection for at most 30 s. They do not limit how long a client waits for the response.
 */
const RECEIVE: ReceiveLimits = { headers: 10_000, request: 25_000, check: 5_000 };

interface ReceiveLimits {
  readonly headers: number;
  readonly request: number;
  readonly check: number;
}

// Its types describe a default export; the default import of Node is the plugin itself.
const ssePlugin = sse as unknown as FastifyPluginAsync<SSEPluginOptions>;

export interface ServerParts {
  readonly engine: TurnEngine;
  /** What accepts messages of people. Default: the engine. */
  readonly inbox?: Inbox | undefined;
  readonly hub: EventHub;
  readonly metrics: Metrics;
  readonly backlog: ResponseBacklog;
  readonly access: AccessRules;
  readonly probes: () => ProbeReadings;
  /** Whether clients should send their next request elsewhere, as of the last read of the marker. */
  readonly isLeaving: () => boolean;
  readonly status: () => GatewayStatus;
  readonly history: TurnHistory;
  /** The channels, some of which have routes. */
  readonly pushes: ChannelRouteParts;
  /** The directory of the chat page. Default: there is no page. */
  readonly page?: string | undefined;
  readonly onDisconnect: OnDisconnectRules;
  /** Limit of the bytes of all large bodies together. Default: a share of the heap. */
  readonly maxBodiesBytes?: number | undefined;
  /** Maximum number of clients with an event stream. */
  readonly maxReaders?: number | undefined;
  /** Overrides of the default limits of tickets for event streams. */
  readonly tickets?: EventTicketOptions | undefined;
  /** Overrides of the default timeouts for a request. */
  readonly receive?: Partial<ReceiveLimits> | undefined;
  /** Overrides of the default silence of an answer. */
  readonly silence?: Silence | undefined;
}

/** The HTTP API, before it listens. */
export async function createServer(parts: ServerParts): Promise<FastifyInstance> {
  const { access, onDisconnect } = parts;
  const receive: ReceiveLimits = { ...RECEIVE, ...parts.receive };
  const proxies = access.trusted_proxies ?? [];
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: receive.request,
    trustProxy: proxies.length > 0 && [...proxies],
    http: { headersTimeout: receive.headers, connectionsCheckingInterval: receive.check },
    routerOptions: { maxParamLength: 200 },
    // Our own hooks refuse later requests on a connection in use, with our own error bodies.
    return503OnClosing: false,
    frameworkErrors: sendFrameworkProblem,
    clientErrorHandler: sendClientProblem,
  });
  installProblems(app);
  if (access.cors_origins?.length) await allowOrigins(app, access.cors_origins);
  parts.backlog.watch(app.server);
  app.addHook('onSend', async (_request, reply) => {
    // Whatever reuses the connection would send the next request here, too. Only for this answer: a pipelined request
    // must still get our refusal.
    const isStopping = () => reply.statusCode === 503 && parts.probes().state === 'stopping';
    if (parts.isLeaving() || isStopping()) reply.header('connection', 'close');
  });
  await app.register(async (v1) => v1.setNotFoundHandler(nothingThere), { prefix: '/v1' });
  await app.register(async (open) => {
    open.addHook('onRequest', async (request) => checkHost(access, request));
    probeRoutes(open, parts.probes);
    if (parts.page !== undefined) await pageRoutes(open, parts.page);
  });
  await app.register(async (pushes) => {
    pushes.addHook('onRequest', async () => requireRecovered(parts.engine));
    channelRoutes(pushes, parts.pushes);
  });
  const tickets = new EventTickets(parts.tickets);
  const maxBodyMib = access.max_body_mib ?? DEFAULT_MAX_BODY_MIB;
  const bodies = new LargeBodies(maxBodyMib * MIB, parts.maxBodiesBytes);
  const wrongKeys = new WrongSecrets({ onWrong: () => parts.metrics.wrongKey() });
  await app.register(async (v1) => {
    v1.decorateRequest('ticket', undefined);
    v1.addHook('onRequest', (request) => checkAccess({ rules: access, wrongKeys, tickets }, request));
    await v1.register(ssePlugin, { heartbeatInterval: 15_000 });
    metricsRoute(v1, parts.metrics);
    gatewayStatusRoute(v1, parts.status);
    await v1.register(async (turns) => {
      turns.addHook('onRequest', async () => requireRecovered(parts.engine));
      messageRoutes(turns, { ...parts, onDisconnect: onDisconnect.messages, bodies, bodyLimit: maxBodyMib * MIB });
      sessionRoutes(turns, parts);
      historyRoute(turns, parts);
      ticketRoute(turns, { tickets, needsTicket: access.key !== undefined });
      await turns.register(async (openai) =>
        openAiRoutes(openai, {
          ...parts,
          onDisconnect: onDisconnect.chat_completions,
          maxBodyMib,
          bodies,
        }),
      );
    });
  });
  return app;
}

/**
 * For OpenAI's clients, which probe routes that do not exist here, and for our own: a problem that contains OpenAI's
 * error.
 */
function nothingThere(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = notFound(request);
  const { error } = openAiError(problem.statusCode, problem.code, problem.message);
  return sendProblem(
    reply,
    new ProblemError(404, problem.code, problem.title, problem.message, { extensions: { error } }),
  );
}

/** Until recovery has finished, an answer about a turn may be wrong. @throws ProblemError 503 */
function requireRecovered(engine: TurnEngine): void {
  if (!engine.acceptsMessages) throw refusalProblem({ kind: 'refused', refusal: { reason: 'starting' } });
}
