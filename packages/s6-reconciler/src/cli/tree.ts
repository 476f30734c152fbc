import { DEFAULT_PROFILE } from '@hermes/drain-contract';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { runBootLog } from '../commands/boot-log.ts';
import type { DoctorCommandOptions } from '../commands/doctor.ts';
import { EXIT } from '../commands/exit.ts';
import { runReconcile } from '../commands/reconcile.ts';
import type { SlotCommandOptions, Verb } from '../commands/slots.ts';
import { runFixStaticPerms } from '../commands/static-perms.ts';
import { runStopTimeout } from '../commands/stop-timeout.ts';
import { DEFAULT_COMMAND } from '../defaults.ts';
import { DOCTOR_HELP, HELP, PROGRAM, RECONCILE_HELP } from './help.ts';
import { parseCount, parseSeconds, type Settings } from './settings.ts';

// Loaded on demand: a boot needs none of the commands that examine and start gateways.
const runDoctor = async (options: DoctorCommandOptions) => (await import('../commands/doctor.ts')).runDoctor(options);
const runList = async (options: SlotCommandOptions) => (await import('../commands/slots.ts')).runList(options);
const runOnSlot = async (verb: Verb, profile: string, options: SlotCommandOptions) =>
  (await import('../commands/slots.ts')).runOnSlot(verb, profile, options);

const count = argument(parseCount);
const seconds = argument(parseSeconds);

type Add = (program: Command, name: string, settings: Settings) => void;

const COMMANDS: Readonly<Record<string, Add>> = {
  reconcile: (program, name, settings) =>
    maxServices(
      ofHome(program, name, settings).description('create a slot for each profile, as each boot does'),
      settings,
    )
      .option('--dry-run', 'print what would be done and change nothing', false)
      .option('--refresh-only', 'only update supervised slots with what their gateways report', false)
      .option('--migrated-only', 'only profiles that hermes-gateway migrate has taken over', false)
      .addHelpText('after', RECONCILE_HELP)
      .action(runReconcile),
  create: onSlot('create the slot of a profile, down, without a scan'),
  register: (program, name, settings) =>
    ofSlot(program, name, settings)
      .description('create the slot of a profile, supervise it, and start it')
      .option('--down', 'do not start it', false)
      .action((profile: string, options: SlotCommandOptions) => runOnSlot('register', profile, options)),
  unregister: onSlot('stop a gateway and remove its slot; the profile stays'),
  start: onSlot('start a gateway and wait until it is ready'),
  stop: onSlot('stop a gateway after its turns have finished, and wait until it is down'),
  restart: onSlot('stop and start a gateway'),
  status: onSlot('show the state of the slot of a profile'),
  list: (program, name, settings) =>
    ofHome(program, name, settings).description('show the state of all slots').action(runList),
  doctor: (program, name, settings) =>
    maxServices(
      ofHome(program, name, settings).description(
        'check the start-up and graceful-shutdown configuration; change nothing',
      ),
      settings,
    )
      .option(
        '--service <directory>',
        'the service that encloses all gateways, if there is one',
        '/run/service/gateways',
      )
      .option(
        '--stop-grace <seconds>',
        'seconds that the engine waits for the container to stop ($HERMES_STOP_GRACE)',
        seconds,
        settings.stopGrace,
      )
      .addHelpText('after', DOCTOR_HELP)
      .action(runDoctor),
  'boot-log': (program, name) =>
    program
      .command(name)
      .description('show the result of each profile at the last boots, the newest last')
      .option('--home <directory>', 'root home directory ($HERMES_HOME, else ~/.hermes)')
      .option('--profile <name>', 'only this profile')
      .option('-n, --lines <count>', 'maximum number of lines', count, 100)
      .option('--json', 'one JSON object a line', false)
      .action(runBootLog),
  'stop-timeout': (program, name) =>
    program
      .command(name)
      .description('print the seconds that the gateways of all profiles take at most to stop')
      .option('--home <directory>', 'root home directory ($HERMES_HOME, else ~/.hermes)')
      .option('--json', 'JSON on stdout', false)
      .action(runStopTimeout),
  'fix-static-perms': (program, name, settings) =>
    ofScandir(program, name, settings)
      .description('let a user read and control the services that s6-rc created before the boot scripts ran')
      .option('--user <name>', 'the user, NAME or UID:GID', settings.user)
      .action(runFixStaticPerms),
};

/** Runs the command that `argv` asks for. @returns the exit code. @throws whatever the command throws. */
export async function runProgram(argv: readonly string[], settings: Settings): Promise<number> {
  try {
    await createProgram(argv[0], settings).parseAsync(argv, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    throw error;
  }
}

/** The command line. Builds only the `asked` command if there is one, because to build all of them takes longer. */
export function createProgram(asked: string | undefined, settings: Settings): Command {
  const program = new Command(PROGRAM)
    .description(
      'Restores the gateway of each profile under s6 after a restart, and starts, stops and restarts gateways.',
    )
    .version(manifest.version)
    .exitOverride()
    .showHelpAfterError(`(see ${PROGRAM} --help)`)
    .addHelpText('after', HELP);
  const known = Object.entries(COMMANDS);
  const alone = known.filter(([name]) => name === asked);
  for (const [name, add] of alone.length > 0 ? alone : known) add(program, name, settings);
  return program;
}

function ofScandir(program: Command, name: string, { scandir }: Settings): Command {
  return program
    .command(name)
    .option('--scandir <directory>', 'the directory that s6-svscan watches', scandir)
    .option('--json', 'JSON on stdout', false);
}

function ofHome(program: Command, name: string, settings: Settings): Command {
  return ofScandir(program, name, settings)
    .option('--home <directory>', 'root home directory ($HERMES_HOME, else ~/.hermes)')
    .option('--user <name>', 'user that gateways of a root supervisor run as, NAME or UID:GID', settings.user)
    .option('--command <gateway>', "the gateway's program", DEFAULT_COMMAND);
}

function maxServices(command: Command, settings: Settings): Command {
  return command.option(
    '--max-services <count>',
    'maximum number of services, as in s6-svscan -c or -C',
    count,
    settings.maxServices,
  );
}

function ofSlot(program: Command, name: string, settings: Settings): Command {
  return ofHome(program, name, settings)
    .argument('<name>', `profile; "${DEFAULT_PROFILE}" is the one in the root home`)
    .option('--timeout <seconds>', 'timeout for a gateway to become ready', seconds, 30)
    .addHelpText(
      'after',
      `\nExamples:\n  $ ${PROGRAM} ${name} support\n  $ ${PROGRAM} ${name} default --json\n\nExit codes: see ${PROGRAM} --help.\n`,
    );
}

function onSlot(description: string): Add {
  return (program, name, settings) =>
    ofSlot(program, name, settings)
      .description(description)
      .action((profile: string, options: SlotCommandOptions) => runOnSlot(name as Verb, profile, options));
}

/** `parse` for commander, which prints the message only of its own error class. */
function argument<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
}
