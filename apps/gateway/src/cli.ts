import { readFileSync } from 'node:fs';
import { ContractError, DEFAULT_PROFILE, dropServiceLinks, visibleInJson } from '@hermes/drain-contract';
import { EXIT, reportStartupError, showStderr } from '@hermes/service-kit';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { becomeOwnerOfProfile } from './identity.ts';
import { TURN_STATUSES } from './journal/turn-store.ts';
import { addMaintenanceCommands, HomeExistsError, ObstacleError } from './maintenance-commands.ts';
import type { CreateOptions, DeleteOptions } from './profile/commands.ts';
import { addServiceCommands } from './service-commands.ts';
import type { TurnsOptions } from './turns-command.ts';

const PROGRAM = 'hermes-gateway';

const RUN_HELP = `
Examples:
  $ hermes-gateway run
  $ HERMES_HOME=/opt/data hermes-gateway run --profile support
  $ API_SERVER_PORT=0 hermes-gateway run          (any free port; it is printed)

config.yaml in the profile's home, or gateway.yaml if that is there:
  api_server: {host, port, key}   where to listen; also allowed_hosts, trusted_proxies and cors_origins,
                                  which are lists, max_body_mib: 20, the largest request on OpenAI's routes, and page: true, the
                                  chat page at /, which only a loopback address has by default
  agent: {kind: echo}             the agent that answers, see docs/configure/agents.md
  history: {turns: 50}            how much of a session an agent gets with each message; also max_chars: 200000
  operators: []                   sessions that may drain, cancel and restart by commands in their chat
  restart_drain_timeout: 30       seconds a stop waits for turns in flight
  start_timeout: 60               seconds a start retries temporary failures: a port in use, a full disk
  journal: {kind: sqlite}         or postgres: a database that several gateways share, see docs/scale-out.md
  on_drain: refuse                or queue: messages during a drain are stored and answered afterwards; handover, the
                                  default with postgres: another gateway answers them at once
  stall_after: 300                seconds of silence after which a turn counts as stalled
  retention_days: 7               how long ended turns are kept

Environment (overrides config.yaml):
  HERMES_HOME                   root home directory (~/.hermes)
  API_SERVER_HOST               address to listen on (127.0.0.1); others need API_SERVER_KEY
  API_SERVER_PORT               port to listen on (8642)
  API_SERVER_KEY                bearer token that clients must send; better in a file that API_SERVER_KEY_FILE names,
                                or in the systemd credential API_SERVER_KEY
  API_SERVER_CORS_ORIGINS       origins whose web pages may use the API, with commas between them (none)
  HERMES_RESTART_DRAIN_TIMEOUT  seconds a stop waits for turns in flight (30)
  HERMES_START_TIMEOUT          seconds a start retries temporary failures (60); 0 fails at once
  HERMES_AGENT_ISOLATION        none, bwrap or auto, if agent.isolation is not set (none)
  HERMES_LOG_LEVEL              trace, debug, info, warn, error, fatal or silent (info)
  HERMES_NOTIFY_FD              descriptor that gets a newline when the gateway is ready

Signals:
  SIGTERM, SIGINT, SIGHUP, SIGQUIT  graceful shutdown: refuse new turns, wait for turns in flight, then exit
                                    by that signal; a second signal skips the wait
                                    (SIGTERM and SIGHUP: only 2 s after the first one)

Started as root in the home of another user, the gateway switches to that user before it reads anything there, and sets
HOME and the working directory to that home. In root's own home, it stays root. If a third user could replace the home,
it exits with 78.

Exit codes:
  0   exited normally
  2   the command line is invalid
  75  a temporary failure lasted longer than start_timeout, or an operator asked for a restart; start it again
  78  the configuration or the machine must be changed first; the reason is on stderr
`;

const TURNS_HELP = `
Examples:
  $ hermes-gateway turns --status running
  $ hermes-gateway turns --session anna --json | jq .reply

Exit codes:
  0   printed, even if there are none
  2   the command line is invalid
  75  the journal cannot be read now; retry
  78  there is no journal, or it cannot be read; the reason is on stderr
`;

const DOCTOR_HELP = `
Examples:
  $ hermes-gateway doctor
  $ hermes-gateway doctor -p support --json | jq '.checks[] | select(.ok == false)'

Checks the configuration, the home, the key, the port, the disk, mounts, locks, the journal, the gateway, its unit of
systemd, the agent and its isolation. "ok" was checked, "?" cannot be determined here, "warn" works but may fail later, "FAIL" must be mended.
It writes 512 bytes to the home and removes them, asks the server of an openai agent for its models, and runs a shell in
a sandbox if the agent is a command. It changes nothing else. A check that hangs is reported after 20 seconds (that of
the journal after 120).

Exit codes:
  0   no problems found
  1   problems found; each line names the problem and what to do
  2   the command line is invalid
  78  there is no such profile; the reason is on stderr
`;

const PROFILE_HELP = `
Examples:
  $ hermes-gateway profile create support
  $ hermes-gateway profile list --json | jq -r '.profiles[] | select(.live) | .name'
  $ hermes-gateway profile delete support --yes

If an s6-svscan watches $S6_PROFILE_GATEWAY_SCANDIR (/run/service), create registers the gateway of the new profile and
starts it, and delete stops the gateway first.

Exit codes:
  0   done
  1   the deletion was not confirmed
  2   the command line is invalid, or a confirmation is needed without a terminal: add --yes
  75  a temporary failure; the reason is on stderr; retry
  78  the command failed; the reason is on stderr; nothing was changed unless it says so
`;

const DEFAULT_LIMIT = 50;
const MAX_PORT = 65_535;

/** Runs the command line. @returns the exit code of what ends by itself; a running gateway dies by its signal. */
export async function main(argv: readonly string[]): Promise<number> {
  showStderr(visibleInJson);
  const links = dropServiceLinks(process.env);
  if (links !== undefined) process.stderr.write(`${PROGRAM}: ${links}\n`);
  try {
    await createProgram().parseAsync(argv, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    if ([NotConfirmed, UnhealthyError, HomeExistsError, ObstacleError].some((known) => error instanceof known))
      return EXIT.failure;
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return reportStartupError(PROGRAM, error, [ContractError]);
  }
}

function createProgram(): Command {
  const version = readVersion();
  const program = new Command(PROGRAM)
    .description('Runs the turns of an agent. Starting or cancelling a drain needs no restart.')
    .version(version)
    .exitOverride()
    .showHelpAfterError(`(${PROGRAM} --help shows the usage)`);
  program
    .command('run')
    .description('run the gateway of a profile in the foreground')
    .option('-p, --profile <name>', 'profile to run', DEFAULT_PROFILE)
    .option('--standby', 'if another gateway serves the home, wait until it exits', false)
    .addHelpText('after', RUN_HELP)
    .action(async ({ profile, standby }: { profile: string; standby: boolean }) => {
      becomeOwnerOfProfile(profile);
      // Loaded when it is needed: --help and turns have no use for a server.
      const { ThreadedJournal } = await import('./journal/sqlite/threaded-journal.ts');
      // Its thread starts while the server is loaded.
      const journal = new ThreadedJournal();
      const { runGateway } = await import('./run.ts');
      await runGateway({ profile, version, standby, journal });
    });
  program
    .command('turns')
    .description('list the turns in the journal of a profile, newest first; its gateway need not run')
    .option('-p, --profile <name>', 'profile to read', DEFAULT_PROFILE)
    .option('--session <name>', 'only turns of this session')
    .addOption(new Option('--status <status>', 'only turns with this status').choices(TURN_STATUSES))
    .option('-n, --limit <count>', 'at most this many turns', parseCount, DEFAULT_LIMIT)
    .option('--json', 'one JSON object per line', false)
    .addHelpText('after', TURNS_HELP)
    .action(async (options: TurnsOptions) => {
      becomeOwnerOfProfile(options.profile);
      const { showTurns } = await import('./turns-command.ts');
      for await (const line of showTurns(options)) if (!(await printed(line))) return;
    });
  program
    .command('doctor')
    .description('check what the gateway of a profile needs to start and to run')
    .option('-p, --profile <name>', 'profile to check', DEFAULT_PROFILE)
    .option('--json', 'JSON on stdout', false)
    .addOption(new Option('--examine', 'what the command runs as another process').default(false).hideHelp())
    .addHelpText('after', DOCTOR_HELP)
    .action(async (options: { profile: string; json: boolean; examine: boolean }) => {
      const { reportExamination, runDoctor } = await import('./doctor/command.ts');
      // The first process touches nothing that can hang, not even to look who owns the home.
      if (!options.examine) {
        if (await runDoctor(options)) return;
        throw new UnhealthyError();
      }
      becomeOwnerOfProfile(options.profile);
      await reportExamination(options.profile);
    });
  addMaintenanceCommands(program, version);
  addProfileCommands(program);
  addServiceCommands(program);
  return program;
}

function addProfileCommands(program: Command): void {
  const profile = program
    .command('profile')
    .description('create, list and delete profiles')
    .addHelpText('after', PROFILE_HELP);
  profile
    .command('create')
    .description('create a profile with a free port, and register its gateway if a supervisor runs')
    .argument('<name>')
    .option('--port <port>', 'TCP port of its gateway (default: a free port)', parsePort)
    .option('--no-register', 'do not register its gateway with the supervisor')
    .option('--json', 'JSON on stdout', false)
    .action(async (name: string, options: CreateOptions) => {
      const { runCreate } = await import('./profile/commands.ts');
      await runCreate(name, options);
    });
  profile
    .command('list')
    .description('list all profiles: state, port, desired state and slot')
    .option('--json', 'JSON on stdout', false)
    .action(async (options: { json: boolean }) => {
      const { runList } = await import('./profile/commands.ts');
      await runList(options);
    });
  profile
    .command('delete')
    .description('stop the gateway of a profile and delete all data of the profile')
    .argument('<name>')
    .option('-y, --yes', 'do not ask for confirmation', false)
    .option('--force', 'delete even with turns in flight or unanswered messages', false)
    .option('--json', 'JSON on stdout', false)
    .action(async (name: string, options: DeleteOptions, command: Command) => {
      if (!options.yes && !process.stdin.isTTY)
        command.error('error: expected a terminal to ask for confirmation, found none: confirm with --yes', {
          exitCode: EXIT.usage,
        });
      const { runDelete } = await import('./profile/commands.ts');
      if (!(await runDelete(name, options))) throw new NotConfirmed();
    });
}

/** Something is to be mended, which has been shown. */
class UnhealthyError extends Error {}

/** The person who was asked said no. */
class NotConfirmed extends Error {}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= MAX_PORT) return port;
  throw new InvalidArgumentError(`expected a whole number from 1 to ${MAX_PORT}`);
}

/** Prints a line, and waits until it is taken. @returns whether there is a reader. */
function printed(line: string): Promise<boolean> {
  return new Promise((resolve) => process.stdout.write(`${line}\n`, (error) => resolve(!error)));
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 1_000_000) return count;
  throw new InvalidArgumentError('expected a whole number from 1 to 1000000');
}

function readVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}
