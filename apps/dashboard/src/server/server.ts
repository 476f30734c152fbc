import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { Logger } from '@hermes/service-kit';
import {
  type HostRules,
  installProblems,
  requireOwnHost,
  sendClientProblem,
  sendFrameworkProblem,
} from '@hermes/service-kit/http';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifySchemaValidationError,
  fastify,
  LogController,
} from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { installAudit } from '../audit/hook.ts';
import { auditRoutes } from '../audit/routes.ts';
import type { Credentials } from '../auth/credentials.ts';
import { installGuard } from '../auth/guard.ts';
import { bootLogRoutes } from '../boot-log/routes.ts';
import { drainRoutes } from '../drain/routes.ts';
import { eventRoutes } from '../events/routes.ts';
import { BODY_LIMIT, installJsonBodies } from '../http/body.ts';
import { addressOf } from '../http/client-address.ts';
import { installContractProblems } from '../http/contract-problem.ts';
import { installDocs } from '../http/docs.ts';
import { installGracefulShutdown } from '../http/graceful-shutdown.ts';
import { installHeaders } from '../http/headers.ts';
import { inFlightRoutes } from '../in-flight/routes.ts';
import { countRequests, metricsRoutes } from '../metrics/routes.ts';
import { profileRoutes } from '../profiles/routes.ts';
import { restartRoutes } from '../restart/routes.ts';
import { statusRoutes } from '../status/routes.ts';
import { PACKAGE } from '../version.ts';
import { probeRoutes } from './probes.ts';
import type { Services } from './services.ts';

const PAGE = fileURLToPath(new URL('dist/page', PACKAGE));

/** Bounds on how long a client may take to send its request, in ms. How long an answer takes is up to its route. */
const TIMES: Times = { headers: 10_000, request: 25_000, keepAlive: 10_000, check: 5_000 };

interface Times {
  readonly headers: number;
  readonly request: number;
  readonly keepAlive: number;
  readonly check: number;
}

const ON_LOOPBACK: HostRules = { host: '127.0.0.1', allowedHosts: [] };

export interface ServerOptions {
  readonly credentials: Credentials;
  readonly logger: Logger;
  readonly services: Services;
  /** Default: those of a dashboard on loopback. */
  readonly hosts?: HostRules | undefined;
  /** Addresses and networks whose `X-Forwarded-For` is trusted. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Bounds other than the usual ones on how long a client may take to send. */
  readonly times?: Partial<Times> | undefined;
}

/**
 * The dashboard before it listens. Closing it answers the long-polls, ends the event streams and then waits for the
 * answers to be sent.
 */
export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
  const { credentials, services, hosts = ON_LOOPBACK } = options;
  const app = createApp(options);
  installProblems(app);
  services.backlog.watch(app.server);
  installRequestLog(app);
  installGracefulShutdown(app, () => {
    services.waits.end();
    services.feed.end();
  });
  app.addHook('onReady', async () => services.start());
  app.addHook('onClose', () => services.close());
  await installHeaders(app);
  // Requests to /api carry a secret, which a web page of another origin does not have.
  app.addHook('onRequest', async (request) => {
    if (!request.url.startsWith('/api/')) requireOwnHost(hosts, request, 'HERMES_DASHBOARD_ALLOWED_HOSTS');
  });
  await installDocs(app);
  await app.register(fastifyStatic, { root: PAGE, wildcard: false });
  await app.register(probeRoutes, { home: services.home, audit: services.audit, credentials });
  services.metrics.watchCredentials(credentials);
  await app.register(metricsRoutes, services);
  await app.register(async (api) => installApi(api, credentials, services), { prefix: '/api' });
  return app;
}

function createApp({ logger, trustedProxies = [], ...options }: ServerOptions): FastifyInstance {
  const times: Times = { ...TIMES, ...options.times };
  const app: FastifyInstance = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    requestTimeout: times.request,
    keepAliveTimeout: times.keepAlive,
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    http: { headersTimeout: times.headers, connectionsCheckingInterval: times.check },
    forceCloseConnections: true,
    return503OnClosing: false,
    exposeHeadRoutes: false,
    frameworkErrors: sendFrameworkProblem,
    clientErrorHandler: sendClientProblem,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSchemaErrorFormatter(
    (errors, where) => new Error(errors.map((error) => tellInvalid(error, where)).join('; ')),
  );
  app.setSerializerCompiler(serializerCompiler);
  return app;
}

/** For example `body.reason: Invalid input: expected string, received number`. */
function tellInvalid({ instancePath, message }: FastifySchemaValidationError, where: string): string {
  const path = instancePath.split('/').filter((part) => part !== '');
  return `${[where, ...path].join('.')}: ${message}`;
}

async function installApi(api: FastifyInstance, credentials: Credentials, services: Services): Promise<void> {
  // Authentication comes first: hooks run in the order of their registration.
  installGuard(api, credentials, () => services.metrics.wrongSecret());
  installJsonBodies(api);
  installAudit(api, services.audit);
  countRequests(api, services.metrics);
  installContractProblems(api);
  api.addHook('onRoute', (route) => {
    route.schema = { ...route.schema, security: [{ bearer: [] }] };
  });
  await api.register(drainRoutes, services);
  await api.register(statusRoutes, services);
  await api.register(profileRoutes, services);
  await api.register(eventRoutes, services);
  await api.register(inFlightRoutes, services);
  await api.register(restartRoutes, services);
  await api.register(bootLogRoutes, services);
  await api.register(auditRoutes, services);
}

/** The path alone: a query may hold a secret by mistake. */
function installRequestLog(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, url } = request;
    const address = addressOf(request);
    const ms = Math.round(reply.elapsedTime);
    request.log.debug({ method, path: url.split('?')[0], address, status: reply.statusCode, ms }, 'answered');
  });
}
