import {
  ContractError,
  currentInstantiationEpoch,
  findProfile,
  formatIsoDateTime,
  holdSpareDescriptors,
  processStartTime,
  readGatewayState,
  resolveHome,
} from '@hermes/drain-contract';
import {
  baseUrl,
  createLogger,
  EXIT,
  exitBySignal,
  exitCodeOf,
  flushStderr,
  type Logger,
  type RetryOptions,
  retryWhileTemporary,
  StoppedError,
  StopRequest,
  SupervisorNotifier,
  withTimeout,
} from '@hermes/service-kit';
import { ConnectionLimit, HttpActivity, listen, ResponseBacklog } from '@hermes/service-kit/http';
import type { FastifyInstance } from 'fastify';
import type { Agent } from './agents/agent.ts';
import { removePromptLeftovers } from './agents/command/prompt-file.ts';
import { leftProcesses } from './agents/command/session/process-list.ts';
import { createAgent } from './agents/create.ts';
import { endOrphans } from './agents/processes/end-orphans.ts';
import { createChannels } from './channels/create.ts';
import { GatewayAudit } from './chat/audit.ts';
import { supervisorOf } from './chat/supervisor.ts';
import { loadConfig } from './config/load.ts';
import { type GatewayConfig, servesPage } from './config/schema.ts';
import { secretNames } from './config/secret-names.ts';
import { Gateway } from './gateway.ts';
import { lockHome, lockHomeWhenFree } from './home-lock.ts';
import type { ProbeReadings } from './http/probes.ts';
import { createServer } from './http/server.ts';
import type { Journal } from './journal/journal.ts';
import { type JournalSource, postgresSource, sqliteSource } from './journal/journal-source.ts';
import { startRetention } from './journal/retention.ts';
import type { ThreadedJournal } from './journal/sqlite/threaded-journal.ts';
import { PAGE } from './page.ts';
import { readInstructions } from './profile/instructions.ts';
import { serverParts } from './server-parts.ts';
import { shutDown, shutdownBound } from './shutdown.ts';
import type { StorageCheck } from './storage/storage-watch.ts';
import type { ConversationRules } from './turns/conversations.ts';

/** How long the first answer of a gateway waits for processes of the previous one to end, in ms. */
const ORPHANS_TIMEOUT_MS = 2_000;

export interface RunOptions {
  readonly profile: string;
  readonly version: string;
  /** If another gateway serves the home, wait until it exits instead of failing. */
  readonly standby: boolean;
  /** For a journal in the home; not opened yet. */
  readonly journal: ThreadedJournal;
}

/** Runs a gateway until a signal ends it. @throws StartupError or ContractError when it cannot start. */
export async function runGateway(options: RunOptions): Promise<never> {
  const stopRequest = new StopRequest();
  try {
    return await startAndServe(options, stopRequest);
  } catch (error) {
    if (error instanceof StoppedError) return exitBySignal(await stopRequest.asked);
    throw error;
  }
}

async function startAndServe(options: RunOptions, stopRequest: StopRequest): Promise<never> {
  using _spares = holdSpareDescriptors();
  const { home } = findProfile(options.profile);
  const { config, warnings } = loadConfig(home, process.env);
  const log = createLogger('hermes-gateway', config.log_level).child({ profile: options.profile });
  for (const warning of warnings) log.warn(warning);
  let describe = () => 'starting';
  using supervisor = new SupervisorNotifier({ log, describe: () => describe() });
  const source = await sourceOf(config, { home, log, journal: options.journal });
  const { journal } = source;
  const agent = await createAgent(config.agent, {
    log,
    environment: process.env,
    secretNames: secretNames(config),
    home,
    rootHome: resolveHome(),
    recordProcess: (turn, agentProcess) => journal.recordAgentProcess(turn, agentProcess),
  });
  const channels = await createChannels(config, process.env, log);
  const { stopped } = stopRequest;
  const retry = { within: config.start_timeout, stopped, log };
  const takeLock = () => (options.standby ? lockHomeWhenFree(home, { stopped, log }) : lockHome(home));
  using lock = await retryWhileTemporary(takeLock, retry);
  if (lock === undefined) return exitBySignal(await stopRequest.asked);
  if (lock.weakness !== undefined) {
    log.warn(
      { reason: lock.weakness },
      'the home directory itself cannot be locked: do not delete .gateway.lock in it',
    );
  }
  await retryWhileTemporary(() => lock.register(), retry);
  const audit = new GatewayAudit(resolveHome(), options.profile, log);
  // The check of the journal is added when the journal is open.
  const checks: StorageCheck[] = [{ part: 'lock', problem: () => lock.problem(log) }];
  const gateway: Gateway = new Gateway({
    home,
    identity: identify(home, config, agent, options.version),
    agent,
    journal,
    channels,
    onDrain: config.on_drain,
    conversation: conversationRules(home, config, log),
    endOrphans: (turns) => endOrphansOf(turns, journal, log, stopRequest.stopped),
    checks,
    chat: {
      operators: config.operators,
      audit: audit.record,
      supervisor: supervisorOf(process.env, process.pid),
    },
    log,
  });
  describe = () => describeGateway(gateway.readings);
  gateway.lifecycle.on('transition', () => supervisor.update());
  const server = await createServer({
    ...serverParts(gateway, journal, new ResponseBacklog()),
    inbox: gateway.chat,
    access: config.api_server,
    page: servesPage(config) ? PAGE : undefined,
    onDisconnect: config.on_disconnect,
  });
  new ConnectionLimit(log).watch(server.server);
  const activity = new HttpActivity();
  activity.watch(server.server);
  await announce(gateway, retry);
  await startStep(gateway, () => source.open(), retry);
  checks.push(source.check(() => gateway.checkStorage()));
  using _retention = startRetention(journal, config.retention_days, log);
  await removePromptLeftovers(home);
  const cutOff = await startStep(gateway, () => explained(source, journal.cutOffTurns()), retry);
  const left = [...cutOff, ...leftProcesses(home, log)];
  const orphansEnded = endOrphans(left, log, stopRequest.stopped);
  // Usually faster; if not, probes must be answered in the meantime.
  await withTimeout(orphansEnded, ORPHANS_TIMEOUT_MS, () => undefined);
  gateway.endpoint = await startStep(gateway, () => listenAt(server, config), retry);
  if (await explained(source, gateway.open(orphansEnded))) {
    await gateway.published();
    process.stdout.write(`gateway: ${gateway.endpoint} (profile ${options.profile}, home ${home})\n`);
    supervisor.ready();
  }
  const signal = await Promise.race([stopRequest.asked, gateway.restart.due.then(() => null)]);
  supervisor.stopping(shutdownBound(config.restart_drain_timeout, agent.abortTimeoutMs));
  const stopping = shutDown(
    { gateway, server, activity, journal },
    {
      signal,
      grace: config.restart_drain_timeout,
      abortTimeoutMs: agent.abortTimeoutMs,
      homeChannels: config.home_channels,
      forceSignal: stopRequest.forceSignal,
      log,
    },
  );
  const closing = agent.close?.();
  await stopping;
  await closing;
  await audit.close();
  lock.unregister();
  return signal === null ? exitForRestart() : exitBySignal(signal);
}

/** For an operator who asks the supervisor. */
function describeGateway({ state, active, queued, storageProblem }: ProbeReadings): string {
  const turns = `${active} ${active === 1 ? 'turn' : 'turns'} in flight${queued > 0 ? `, ${queued} queued` : ''}`;
  return `${state}: ${storageProblem ?? turns}`;
}

/** The supervisor starts it again. */
function exitForRestart(): never {
  flushStderr();
  process.exit(EXIT.temporary);
}

interface SourceParts {
  readonly home: string;
  readonly log: Logger;
  /** For a journal in the home; not opened yet. */
  readonly journal: ThreadedJournal;
}

/** The journal of the configuration. @throws StartupError when it needs a variable that is not set. */
async function sourceOf(config: GatewayConfig, { home, log, journal }: SourceParts): Promise<JournalSource> {
  if (config.journal.kind === 'sqlite') return sqliteSource(journal, home);
  await journal.discard();
  return postgresSource({ config: config.journal, home, environment: process.env, log });
}

/** The result of `work`. @throws the error of a start. */
async function explained<T>(source: JournalSource, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw source.explain(error);
  }
}

/** Never rejects: while the journal cannot be read, it has no turns to run either. */
async function endOrphansOf(
  turns: readonly string[],
  journal: Journal,
  log: Logger,
  stopped: AbortSignal,
): Promise<void> {
  try {
    const cutOff = await journal.cutOffTurns();
    await endOrphans(
      cutOff.filter(({ turn }) => turns.includes(turn)),
      log,
      stopped,
    );
  } catch (error) {
    log.error({ err: error }, 'the processes of the agents of another gateway could not be looked for');
  }
}

function conversationRules(home: string, { history }: GatewayConfig, log: Logger): ConversationRules {
  const { text: system, problem } = readInstructions(home);
  if (problem !== undefined) log.warn(problem);
  return { history: { turns: history.turns, maxChars: history.max_chars }, system };
}

function identify(home: string, config: GatewayConfig, agent: Agent, version: string) {
  return {
    pid: process.pid,
    epoch: currentInstantiationEpoch(),
    startTime: processStartTime(),
    version,
    startedAt: Date.now(),
    restartDrainTimeout: config.restart_drain_timeout,
    stopTimeout: shutdownBound(config.restart_drain_timeout, agent.abortTimeoutMs),
    turnTimeout: agent.turnTimeout / 1_000,
    stallAfter: config.stall_after,
    desiredState: readGatewayState({ home })?.desired_state ?? undefined,
  };
}

/** @returns the base URL of the API. */
async function listenAt(server: FastifyInstance, { api_server: { host, port } }: GatewayConfig): Promise<string> {
  const settings = { host: 'API_SERVER_HOST', port: 'API_SERVER_PORT' };
  return baseUrl(host, await listen(server, { host, port, settings }));
}

/** Publishes the first state. If that fails, nothing else can be published; if it is stopped, the end is. */
async function announce(gateway: Gateway, retry: RetryOptions): Promise<void> {
  try {
    await retryWhileTemporary(() => gateway.announce(), retry);
  } catch (error) {
    if (error instanceof StoppedError) await publishEnd(gateway, error, retry.stopped);
    throw error;
  }
}

/**
 * Runs a step of the start, and retries temporary failures, which the state reports. The end of a failed or interrupted
 * start is published before it is thrown.
 */
async function startStep<T>(gateway: Gateway, step: () => Promise<T>, retry: RetryOptions): Promise<T> {
  const onProblem = (problem: Error) => {
    gateway.startProblem = problem.message;
  };
  try {
    const result = await retryWhileTemporary(step, { ...retry, onProblem });
    gateway.startProblem = undefined;
    return result;
  } catch (error) {
    gateway.startProblem = undefined;
    await publishEnd(gateway, error as Error, retry.stopped);
    throw error;
  }
}

async function publishEnd(gateway: Gateway, error: Error, stopped: AbortSignal): Promise<void> {
  const end = { at: formatIsoDateTime(Date.now()), reason: error.message, interrupted: 0 };
  if (error instanceof StoppedError) {
    gateway.stop();
    return gateway.close('closed', { ...end, signal: stopped.reason as NodeJS.Signals, code: null, reason: 'signal' });
  }
  const code = exitCodeOf(error, [ContractError]);
  // It stays `starting` when it is to be started again, as after a boot.
  await gateway.close(code === EXIT.temporary ? 'closed' : 'fail', { ...end, signal: null, code });
}
