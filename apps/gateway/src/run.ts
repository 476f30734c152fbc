import { currentInstantiationEpoch, findProfile, formatIsoDateTime } from '@hermes/drain-contract';
import { baseUrl, createLogger, dieBySignal, listen, notifyReady } from '@hermes/service-kit';
import { createAgent } from './agents/create.ts';
import { loadConfig } from './config/load.ts';
import { Gateway } from './gateway.ts';
import { createServer } from './http/server.ts';
import { shutDown } from './shutdown.ts';
import { requireSoleGateway } from './sole-gateway.ts';
import { StopRequest } from './stop-request.ts';

export interface RunOptions {
  readonly profile: string;
  readonly version: string;
}

/** Runs a gateway until a signal ends it. @throws StartupError or ContractError when it cannot start. */
export async function runGateway(options: RunOptions): Promise<never> {
  const stopRequest = new StopRequest();
  const { home } = findProfile(options.profile);
  const { config, warnings } = loadConfig(home, process.env);
  const log = createLogger('hermes-gateway', config.log_level).child({ profile: options.profile });
  for (const warning of warnings) log.warn(warning);
  await requireSoleGateway(home);
  const identity = {
    pid: process.pid,
    epoch: currentInstantiationEpoch(),
    version: options.version,
    startedAt: Date.now(),
    restartDrainTimeout: config.restart_drain_timeout,
  };
  const agent = createAgent(config.agent, { log, environment: process.env });
  const gateway = new Gateway({ home, identity, agent, log });
  const server = await createServer({
    engine: gateway.engine,
    access: config.api_server,
    probes: () => ({ state: gateway.lifecycle.state, active: gateway.gate.active, waiting: gateway.engine.waiting }),
  });
  await gateway.publish();
  const { host } = config.api_server;
  const port = await listen(server, { ...config.api_server, setting: 'API_SERVER_PORT' }).catch(
    async (error: Error) => {
      const exit = { at: formatIsoDateTime(Date.now()), signal: null, code: 78, reason: error.message, interrupted: 0 };
      await gateway.close('fail', exit);
      throw error;
    },
  );
  gateway.endpoint = baseUrl(host, port);
  gateway.open();
  await gateway.published();
  process.stdout.write(`gateway: ${gateway.endpoint} (profile ${options.profile}, home ${home})\n`);
  notifyReady();
  const signal = await stopRequest.asked;
  await shutDown(gateway, server, {
    signal,
    grace: config.restart_drain_timeout * 1_000,
    hurry: stopRequest.hurry,
    log,
  });
  return dieBySignal(signal);
}
