import { setTimeout as delay } from 'node:timers/promises';
import { holdSpareDescriptors } from '@hermes/drain-contract';
import { baseUrl, createLogger, dieBySignal, type Logger, listen, notifyReady } from '@hermes/service-kit';
import type { FastifyInstance } from 'fastify';
import { type NamedSecret, SCOPES } from './auth/credentials.ts';
import { loadCredentials } from './auth/credentials-reload.ts';
import { OWN_PRINCIPAL, resolveSecret } from './auth/secret.ts';
import type { Config } from './config/config.ts';
import { requireHome } from './config/home.ts';
import { createParts } from './http/parts.ts';
import { buildServer } from './http/server.ts';
import { findSupervisor } from './restart/supervisor.ts';

/** How long answers under way may delay a stop. */
const STOP_TIMEOUT_MS = 5_000;

/** Starts the dashboard; it then runs until a signal ends it. @throws StartupError or ContractError. */
export async function serve(config: Config): Promise<void> {
  const { home, host } = config;
  const logger = createLogger('hermes-dashboard', config.logLevel);
  await requireHome(home);
  // For the life of the process.
  holdSpareDescriptors();
  const secret = await resolveSecret(config);
  const always: NamedSecret[] = secret ? [{ name: OWN_PRINCIPAL, secret: secret.value, scopes: SCOPES }] : [];
  const credentials = loadCredentials({ path: config.credentialsPath, always, logger });
  const parts = createParts({
    home,
    logger,
    supervisor: findSupervisor(home, config.scandir),
    webhook: config.webhook,
  });
  const { allowedHosts, trustedProxies } = config;
  const app = await buildServer({ credentials, logger, parts, hosts: { host, allowedHosts }, trustedProxies });
  const settings = { host: 'HERMES_DASHBOARD_HOST', port: 'HERMES_DASHBOARD_PORT' };
  const port = await listen(app, { host, port: config.port, settings });
  stopOnSignals(app, logger);
  notifyReady();
  // In the fragment, which a browser sends to nobody.
  const fragment = secret?.generated ? `#token=${secret.value}` : '';
  process.stdout.write(`dashboard: ${baseUrl(host, port)}/${fragment}\n`);
}

function stopOnSignals(app: FastifyInstance, logger: Logger): void {
  let stopping = false;
  const onSignal = async (signal: NodeJS.Signals) => {
    if (stopping) return dieBySignal(signal);
    stopping = true;
    logger.info({ signal }, 'stopping');
    await Promise.race([app.close(), delay(STOP_TIMEOUT_MS)]);
    return dieBySignal(signal);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
}
