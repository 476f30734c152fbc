import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import { installProblems, type Logger, sendClientProblem, sendFrameworkProblem } from '@hermes/service-kit';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifySchemaValidationError,
  fastify,
  LogController,
} from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { installGuard } from '../auth/guard.ts';
import { drainRoutes } from '../drain/routes.ts';
import { DrainWaits } from '../drain/wait.ts';
import { profileRoutes } from '../profiles/routes.ts';
import { statusRoutes } from '../status/routes.ts';
import { ProfileWatches } from '../status/watch.ts';
import { BODY_LIMIT, installJsonBodies } from './body.ts';
import { installContractProblems } from './contract-problem.ts';
import { installDocs } from './docs.ts';
import { installHeaders } from './headers.ts';
import { probeRoutes } from './probes.ts';
import { installPromptClose } from './prompt-close.ts';

const PAGE = fileURLToPath(new URL('../../page', import.meta.url));

/** Bounds on how long a client may take to send its request, in ms. How long an answer takes is up to its route. */
const TIMES = { headers: 10_000, request: 30_000, keepAlive: 10_000, check: 5_000 } as const;

export interface ServerOptions {
  /** The root home. */
  readonly home: string;
  /** The bearer secret of every /api route. */
  readonly secret: string;
  readonly logger: Logger;
  /** For the long-polls; a test may bring its own. */
  readonly waits?: DrainWaits;
}

/** The dashboard, not listening yet. Closing it answers the long-polls and then waits for the answers to be sent. */
export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
  const { waits = new DrainWaits(new ProfileWatches()), ...rest } = options;
  const app = createApp(options.logger);
  installProblems(app);
  installRequestLog(app);
  installPromptClose(app, waits);
  await installHeaders(app);
  await installDocs(app);
  await app.register(fastifyStatic, { root: PAGE, wildcard: false });
  await app.register(probeRoutes, rest);
  await app.register(async (api) => installApi(api, { ...rest, waits }), { prefix: '/api' });
  return app;
}

function createApp(logger: Logger): FastifyInstance {
  const app: FastifyInstance = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    requestTimeout: TIMES.request,
    keepAliveTimeout: TIMES.keepAlive,
    http: { headersTimeout: TIMES.headers, connectionsCheckingInterval: TIMES.check },
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

async function installApi(api: FastifyInstance, options: ServerOptions & { readonly waits: DrainWaits }) {
  // Who may see anything comes first: this order of hooks is the order in which they run.
  installGuard(api, options.secret);
  installJsonBodies(api);
  installContractProblems(api);
  api.addHook('onRoute', (route) => {
    route.schema = { ...route.schema, security: [{ bearer: [] }] };
  });
  await api.register(drainRoutes, options);
  await api.register(statusRoutes, options);
  await api.register(profileRoutes, options);
}

/** The path alone: a query may hold what somebody pasted into the wrong place. */
function installRequestLog(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, url, ip: address } = request;
    const ms = Math.round(reply.elapsedTime);
    request.log.debug({ method, path: url.split('?')[0], address, status: reply.statusCode, ms }, 'answered');
  });
}
