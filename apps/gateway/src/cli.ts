import { readFileSync } from 'node:fs';
import { ContractError, DEFAULT_PROFILE, dropServiceLinks, visibleInJson } from '@hermes/drain-contract';
import { EXIT, reportStartupError, showStderr } from '@hermes/service-kit';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { becomeOwnerOfProfile } from './identity.ts';
import { TURN_STATUSES } from './journal/turn-store.ts';
import type { CreateOptions, DeleteOptions } from './profile/commands.ts';
import type { TurnsOptions } from './turns-command.ts';

const PROGRAM = 'hermes-gateway';

const RUN_HELP = `
Examples:
  $ hermes-gateway run
  $ HERMES_HOME=/opt/data hermes-gateway run --profile support
  $ API_SERVER_PORT=0 hermes-gateway run          (any free port; it is printed)

config.yaml in the profile's home:
  api_server: {host, port, key}   where to listen; also allowed_hosts, trusted_proxies and cors_origins,
                                  which are lists, and max_body_mib: 20, the largest request on OpenAI's routes
  agent: {kind: echo}             who answers, see the documentation
  restart_drain_timeout: 30       seconds a stop waits for turns in flight
  start_timeout: 60               seconds a start retries what passes by itself: a port that is taken, a full disk
  on_drain: refuse                or queue: messages under a drain are stored and answered afterwards
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
  HERMES_START_TIMEOUT          seconds a start retries what passes by itself (60); 0 gives up at once
  HERMES_AGENT_ISOLATION        none, bwrap or auto, where agent.isolation says nothing (none)
  HERMES_LOG_LEVEL              trace, debug, info, warn, error, fatal or silent (info)
  HERMES_NOTIFY_FD              descriptor that gets a newline when the gateway is ready

Signals:
  SIGTERM, SIGINT, SIGHUP, SIGQUIT  take nothing new, let turns in flight finish, then die by that signal;
                                    a second one does not wait

As root in the home of another user, it becomes that user before it reads anything there; HOME and the working directory
are then the home. In root's own home, it stays root. Where a third user could replace the home, it ends with 78.

Exit codes:
  0   ended by its own decision
  2   the command line was not understood
  75  it could not start within start_timeout because of something that passes by itself; start it again
  78  the configuration or the machine must be changed first; the reason is on stderr
`;

const TURNS_HELP = `
Examples:
  $ hermes-gateway turns --status running
  $ hermes-gateway turns --session anna --json | jq .reply

Exit codes:
  0   shown, even if there are none
  2   the command line was not understood
  75  it cannot be read now; try again
  78  there is no journal, or it cannot be read; the reason is on stderr
`;

const DOCTOR_HELP = `
Examples:
  $ hermes-gateway doctor
  $ hermes-gateway doctor -p support --json | jq '.checks[] | select(.ok == false)'

Changes nothing. To find out whether the agent's command can be isolated, it runs a shell in a sandbox.

Exit codes:
  0   nothing is to be mended
  1   something is; each line says what, and what to do
  2   the command line was not understood
  78  there is no such profile; the reason is on stderr
`;

const PROFILE_HELP = `
Examples:
  $ hermes-gateway profile create support
  $ hermes-gateway profile list --json | jq -r '.profiles[] | select(.live) | .name'
  $ hermes-gateway profile delete support --yes

Where an s6-svscan watches $S6_PROFILE_GATEWAY_SCANDIR (/run/service), a new profile's gateway is supervised from the
beginning, and a deleted one's is stopped first.

Exit codes:
  0   done
  1   the person who was asked did not confirm
  2   the command line was not understood, or there is nobody to ask
  75  it cannot be done now; the reason, which passes by itself, is on stderr; try again
  78  it cannot be done; the reason is on stderr, and nothing was changed unless it says so
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
    if (error instanceof NotConfirmed || error instanceof UnhealthyError) return EXIT.failure;
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return reportStartupError(PROGRAM, error, [ContractError]);
  }
}

function createProgram(): Command {
  const version = readVersion();
  const program = new Command(PROGRAM)
    .description('Runs the turns of an agent, and can be drained and revived without a restart.')
    .version(version)
    .exitOverride()
    .showHelpAfterError(`(${PROGRAM} --help tells more)`);
  program
    .command('run')
    .description('run the gateway of a profile in the foreground')
    .option('-p, --profile <name>', 'profile to run', DEFAULT_PROFILE)
    .option('--standby', 'where another gateway serves the home, wait until it ends', false)
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
    .description('look at the turns in the journal of a profile, the newest first, while its gateway runs or not')
    .option('-p, --profile <name>', 'profile to look at', DEFAULT_PROFILE)
    .option('--session <name>', 'only those of this session')
    .addOption(new Option('--status <status>', 'only those that are').choices(TURN_STATUSES))
    .option('-n, --limit <count>', 'at most so many', parseCount, DEFAULT_LIMIT)
    .option('--json', 'one JSON object a line', false)
    .addHelpText('after', TURNS_HELP)
    .action(async (options: TurnsOptions) => {
      becomeOwnerOfProfile(options.profile);
      const { showTurns } = await import('./turns-command.ts');
      for await (const line of showTurns(options)) if (!(await printed(line))) return;
    });
  program
    .command('doctor')
    .description('look at what has to be right for the gateway of a profile to start, and at how its agent is isolated')
    .option('-p, --profile <name>', 'profile to look at', DEFAULT_PROFILE)
    .option('--json', 'JSON on stdout', false)
    .addHelpText('after', DOCTOR_HELP)
    .action(async (options: { profile: string; json: boolean }) => {
      becomeOwnerOfProfile(options.profile);
      const { runDoctor } = await import('./doctor/command.ts');
      if (!(await runDoctor(options))) throw new UnhealthyError();
    });
  addProfileCommands(program);
  return program;
}

function addProfileCommands(program: Command): void {
  const profile = program
    .command('profile')
    .description('make, list and delete profiles')
    .addHelpText('after', PROFILE_HELP);
  profile
    .command('create')
    .description('make a profile with a free port, and have it supervised where a supervisor runs')
    .argument('<name>')
    .option('--port <port>', 'TCP port of its gateway; a free one when left out', parsePort)
    .option('--no-register', 'leave it to you to run it')
    .option('--json', 'JSON on stdout', false)
    .action(async (name: string, options: CreateOptions) => {
      const { runCreate } = await import('./profile/commands.ts');
      await runCreate(name, options);
    });
  profile
    .command('list')
    .description('every profile: state, port, desired state and slot')
    .option('--json', 'JSON on stdout', false)
    .action(async (options: { json: boolean }) => {
      const { runList } = await import('./profile/commands.ts');
      await runList(options);
    });
  profile
    .command('delete')
    .description('stop the gateway of a profile and delete everything it has')
    .argument('<name>')
    .option('-y, --yes', 'do not ask', false)
    .option('--force', 'even if that cuts off turns in flight', false)
    .option('--json', 'JSON on stdout', false)
    .action(async (name: string, options: DeleteOptions, command: Command) => {
      if (!options.yes && !process.stdin.isTTY)
        command.error('error: nobody to ask: confirm with --yes', { exitCode: EXIT.usage });
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
