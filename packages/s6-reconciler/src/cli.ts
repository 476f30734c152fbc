import { readFileSync } from 'node:fs';
import { DEFAULT_PROFILE } from '@hermes/drain-contract';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { runBootLog } from './commands/boot-log.ts';
import { runDoctor } from './commands/doctor.ts';
import { EXIT, exitCodeOf, tellError } from './commands/exit.ts';
import { runReconcile } from './commands/reconcile.ts';
import { runList, runOnSlot } from './commands/slots.ts';
import { runFixStaticPerms } from './commands/static-perms.ts';
import { S6Error } from './errors.ts';
import { DEFAULT_COMMAND, DEFAULT_SCANDIR } from './manager/service-manager.ts';
import { DEFAULT_USER } from './user.ts';

const PROGRAM = 'hermes-s6';

const HELP = `
Examples:
  $ hermes-s6 reconcile --dry-run            what a boot would do, and nothing else
  $ hermes-s6 register support               make the slot of a profile, and start it
  $ hermes-s6 restart default
  $ hermes-s6 list --json | jq -r '.slots[] | select(.state == "parked") | .profile'

Environment (an option overrides it):
  HERMES_HOME                 root home directory (~/.hermes)
  S6_PROFILE_GATEWAY_SCANDIR  the directory that s6-svscan watches (${DEFAULT_SCANDIR})
  HERMES_USER                 user that a root supervisor's gateways drop to (${DEFAULT_USER})
  HERMES_MAX_GATEWAYS         how many services s6-svscan supervises at most, its -c (500)
  HERMES_STOP_GRACE           seconds that the engine gives the container to stop

Run as root on a scan directory of somebody else, it becomes that user first.

Exit codes:
  0  done
  1  it failed; the reason is on stderr
  2  the command line was not understood
  3  not done in time; it may still happen
  4  no such profile, or no slot of it
  5  this user may not
  6  the gateway gave up and is parked
  7  s6 is not installed, or no s6-svscan watches the scan directory
  8  somebody else asked for the opposite meanwhile
  9  s6-svscan supervises as many services as it may
  10 the doctor found something to mend
`;

const RECONCILE_HELP = `
Reads every profile's home, plans, and makes the slots: up where the intent is to run, or where none is known and the
gateway last said it was running or draining; down elsewhere. A profile that cannot be supervised is skipped with the
reason, and the others go on. What became of each is appended to logs/container-boot.log in the home.

Examples:
  $ hermes-s6 reconcile --dry-run --json
  $ HERMES_HOME=/opt/data hermes-s6 reconcile --scandir /run/service --user hermes

Exit code 0 also when profiles were skipped; see hermes-s6 --help for the others.
`;

const DOCTOR_HELP = `
A stop is a drain only if its timers nest: a turn ends within the gateway's grace, the gateway within the slot's
timeout-kill, that within the limits of the service around it, and that within the time that the engine gives the
container. What does not is printed with the value that would.

Examples:
  $ hermes-s6 doctor --stop-grace 120
  $ hermes-s6 doctor --json | jq -r '.checks[] | select(.ok == false) | .cure'
`;

/** Runs the command line. @returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(argv, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    process.stderr.write(`${PROGRAM}: ${tellError(error)}\n`);
    return exitCodeOf(error);
  }
}

function createProgram(): Command {
  const program = new Command(PROGRAM)
    .description("Brings every profile's gateway back under s6 after a restart, and starts, stops and restarts them.")
    .version(readVersion())
    .exitOverride()
    .showHelpAfterError(`(${PROGRAM} --help tells more)`)
    .addHelpText('after', HELP);

  const command = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .option(
        '--scandir <directory>',
        'the directory that s6-svscan watches',
        setting('S6_PROFILE_GATEWAY_SCANDIR', DEFAULT_SCANDIR),
      )
      .option('--json', 'JSON on stdout', false);
  const homeCommand = (name: string, description: string) =>
    command(name, description)
      .option('--home <directory>', 'root home directory ($HERMES_HOME, else ~/.hermes)')
      .option(
        '--user <name>',
        'user that a root supervisor drops to, NAME or UID:GID',
        setting('HERMES_USER', DEFAULT_USER),
      )
      .option('--command <gateway>', "the gateway's program", DEFAULT_COMMAND);

  homeCommand('reconcile', 'make a slot for every profile, as at each boot')
    .option(
      '--max-services <count>',
      "what s6-svscan's -c says",
      parseCount,
      numericSetting('HERMES_MAX_GATEWAYS', 500),
    )
    .option('--dry-run', 'only say what would be done', false)
    .option('--refresh-only', 'only bring slots that are supervised up to date with what their gateways say', false)
    .addHelpText('after', RECONCILE_HELP)
    .action(runReconcile);

  const slotCommand = (name: string, description: string) =>
    homeCommand(name, description)
      .argument('<name>', `profile, "${DEFAULT_PROFILE}" for the one in the home itself`)
      .option('--timeout <seconds>', 'how long a gateway may take until it is ready', parseSeconds, 30)
      .addHelpText(
        'after',
        `\nExamples:\n  $ ${PROGRAM} ${name} support\n  $ ${PROGRAM} ${name} default --json\n\nExit codes: see ${PROGRAM} --help.\n`,
      );
  slotCommand('create', 'make the slot of a profile, down, for s6-svscan to find').action(runOnSlot('create'));
  slotCommand('register', 'make the slot of a profile, have it supervised, and start it')
    .option('--down', 'do not start it', false)
    .action(runOnSlot('register'));
  slotCommand('unregister', 'stop a gateway and remove its slot; the profile stays').action(runOnSlot('unregister'));
  slotCommand('start', 'start a gateway and wait until it is ready').action(runOnSlot('start'));
  slotCommand('stop', 'stop a gateway, letting its turns finish, and wait until it is down').action(runOnSlot('stop'));
  slotCommand('restart', 'stop and start a gateway').action(runOnSlot('restart'));
  slotCommand('status', 'what the slot of a profile is doing').action(runOnSlot('status'));
  homeCommand('list', 'what every slot is doing').action(runList);

  homeCommand('doctor', 'look whether gateways can come back, and stop in peace; change nothing')
    .option(
      '--max-services <count>',
      "what s6-svscan's -c says",
      parseCount,
      numericSetting('HERMES_MAX_GATEWAYS', 500),
    )
    .option('--service <directory>', 'the service around all gateways, if there is one', '/run/service/gateways')
    .option(
      '--stop-grace <seconds>',
      'what the engine gives the container to stop ($HERMES_STOP_GRACE)',
      parseSeconds,
      numericSetting('HERMES_STOP_GRACE', undefined),
    )
    .addHelpText('after', DOCTOR_HELP)
    .action(runDoctor);

  program
    .command('boot-log')
    .description('what became of each profile at the last boots, the newest last')
    .option('--home <directory>', 'root home directory ($HERMES_HOME, else ~/.hermes)')
    .option('--profile <name>', 'only this profile')
    .option('-n, --lines <count>', 'at most so many', parseCount, 100)
    .option('--json', 'one JSON object a line', false)
    .action(runBootLog);
  command('fix-static-perms', 'let a user see and command the services that s6-rc made before the boot scripts ran')
    .option('--user <name>', 'the user, NAME or UID:GID', setting('HERMES_USER', DEFAULT_USER))
    .action(runFixStaticPerms);
  return program;
}

/** A number in an environment variable, or its default. @throws S6Error that names the variable. */
function numericSetting<T>(variable: string, fallback: T): number | T {
  const text = process.env[variable];
  if (!text) return fallback;
  try {
    return parseCount(text);
  } catch (error) {
    const found = JSON.stringify(text.slice(0, 60));
    throw new S6Error('invalid_argument', `${variable}: ${(error as Error).message}, found ${found}`);
  }
}

/** An environment variable, or its default when it is unset or empty. */
function setting(variable: string, fallback: string): string {
  return process.env[variable] || fallback;
}

function parseCount(text: string): number {
  return parseNumber(text, 1_000_000);
}

function parseSeconds(text: string): number {
  return parseNumber(text, 86_400);
}

function parseNumber(text: string, max: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= max) return number;
  throw new InvalidArgumentError(`expected a whole number from 1 to ${max}`);
}

function readVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}
