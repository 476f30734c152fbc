import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { holdSpareDescriptors } from '@hermes/drain-contract';
import {
  baseUrl,
  createLogger,
  exitBySignal,
  type RetryOptions,
  retryWhileTemporary,
  StoppedError,
  StopRequest,
  SupervisorNotifier,
} from '@hermes/service-kit';
import { ConnectionLimit, HttpActivity, listen } from '@hermes/service-kit/http';
import type { FastifyInstance } from 'fastify';
import { type NamedSecret, SCOPES } from './auth/credentials.ts';
import { loadCredentials } from './auth/credentials-reload.ts';
import { OWN_PRINCIPAL, resolveSecret } from './auth/secret.ts';
import { chooseManager } from './choose-manager.ts';
import type { Config } from './config/config.ts';
import { requireHome } from './config/home.ts';
import { buildServer } from './server/server.ts';
import { createServices } from './server/services.ts';
import { type HomeSocket, openHomeSocket } from './socket/home-socket.ts';

/** How long answers under way may delay a stop. */
const STOP_TIMEOUT_MS = 5_000;

/** How long clients that go on asking may delay it. */
const LULL_TIMEOUT_MS = 1_500;

/** Runs the dashboard until a signal ends it. @throws StartupError or ContractError when it cannot start. */
export async function serve(config: Config): Promise<never> {
  const stopRequest = new StopRequest();
  const logger = createLogger('hermes-dashboard', config.logLevel);
  using supervisor = new SupervisorNotifier({ log: logger });
  try {
    const { app, socket, activity } = await start(config, {
      within: config.startTimeout,
      stopped: stopRequest.stopped,
      log: logger,
    });
    supervisor.ready();
    const signal = await stopRequest.asked;
    supervisor.stopping(STOP_TIMEOUT_MS / 1_000);
    logger.info({ signal }, 'stopping');
    socket?.close();
    const cutOff = delay(STOP_TIMEOUT_MS, 'cut off');
    const closed = activity.untilLull(AbortSignal.timeout(LULL_TIMEOUT_MS)).then(() => app.close());
    const outcome = await Promise.race([closed, cutOff, once(stopRequest.forceSignal, 'abort')]);
    if (outcome === 'cut off')
      logger.warn(
        { seconds: STOP_TIMEOUT_MS / 1_000 },
        'the grace period is over; unfinished requests were interrupted',
      );
    if (stopRequest.forceSignal.aborted) return exitBySignal(stopRequest.forceSignal.reason as NodeJS.Signals);
  } catch (error) {
    if (!(error instanceof StoppedError)) throw error;
  }
  return exitBySignal(await stopRequest.asked);
}

interface Started {
  readonly app: FastifyInstance;
  readonly socket: HomeSocket | undefined;
  readonly activity: HttpActivity;
}

async function start(config: Config, retry: RetryOptions): Promise<Started> {
  const { home, host } = config;
  const { log: logger } = retry;
  await retryWhileTemporary(() => requireHome(home), retry);
  // For the life of the process.
  holdSpareDescriptors();
  const secret = await retryWhileTemporary(() => resolveSecret(config), retry);
  const always: NamedSecret[] = secret ? [{ name: OWN_PRINCIPAL, secret: secret.value, scopes: SCOPES }] : [];
  const load = () => loadCredentials({ path: config.credentialsPath, always, logger });
  const credentials = await retryWhileTemporary(load, retry);
  const services = createServices({
    home,
    logger,
    serviceManager: chooseManager(config),
    webhook: config.webhook,
  });
  const { allowedHosts, trustedProxies } = config;
  const app = await buildServer({ credentials, logger, services, hosts: { host, allowedHosts }, trustedProxies });
  new ConnectionLimit(logger).watch(app.server);
  const activity = new HttpActivity();
  activity.watch(app.server);
  const settings = { host: 'HERMES_DASHBOARD_HOST', port: 'HERMES_DASHBOARD_PORT' };
  const port = await retryWhileTemporary(() => listen(app, { host, port: config.port, settings }), retry);
  const socket = await openHomeSocket(app.server, home, logger);
  // In the fragment, which a browser never sends to a server.
  const fragment = secret?.generated ? `#token=${secret.value}` : '';
  process.stdout.write(`dashboard: ${baseUrl(host, port)}/${fragment}\n`);
  return { app, socket, activity };
}
