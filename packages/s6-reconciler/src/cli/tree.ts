import { DEFAULT_PROFILE } from '@hermes/drain-contract';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { runBootLog } from '../commands/boot-log.ts';
import type { DoctorCommandOptions } from '../commands/doctor.ts';
import { EXIT } from '../commands/exit.ts';
import { runReconcile } from '../commands/reconcile.ts';
import type { SlotCommandOptions, Verb } from '../commands/slots.ts';
import { runFixStaticPerms } from '../commands/static-perms.ts';
import { DEFAULT_COMMAND } from '../defaults.ts';
import { DOCTOR_HELP, HELP, PROGRAM, RECONCILE_HELP } from './help.ts';
import { parseCount, parseSeconds, type Settings } from './settings.ts';

// Loaded when they are asked for: what examines and starts gateways is of no use to a boot.
const runDoctor = async (options: DoctorCommandOptions) => (await import('../commands/doctor.ts')).runDoctor(options);
const runList = async (options: SlotCommandOptions) => (await import('../commands/slots.ts')).runList(options);
const runOnSlot = async (verb: Verb, profile: string, options: SlotCommandOptions) =>
  (await import('../commands/slots.ts')).runOnSlot(verb, profile, options);

const count = told(parseCount);
const seconds = told(parseSeconds);

type Add = (program: Command, name: string, settings: Settings) => void;

const COMMANDS: Readonly<Record<string, Add>> = {
  reconcile: (program, name, settings) =>
    maxServices(ofHome(program, name, settings).description('make a slot for every profile, as at each boot'), settings)
      .option('--dry-run', 'only say what would be done', false)
      .option('--refresh-only', 'only bring slots that are supervised up to date with what their gateways say', false)
      .addHelpText('after', RECONCILE_HELP)
      .action(runReconcile),
  create: onSlot('make the slot of a profile, down, for s6-svscan to find'),
  register: (program, name, settings) =>
    ofSlot(program, name, settings)
      .description('make the slot of a profile, have it supervised, and start it')
      .option('--down', 'do not start it', false)
      .action((profile: string, options: SlotCommandOptions) => runOnSlot('register', profile, options)),
  unregister: onSlot('stop a gateway and remove its slot; the profile stays'),
  start: onSlot('start a gateway and wait until it is ready'),
  stop: onSlot('stop a gateway, letting its turns finish, and wait until it is down'),
  restart: onSlot('stop and start a gateway'),
  status: onSlot('what the slot of a profile is doing'),
  list: (program, name, settings) =>
    ofHome(program, name, settings).description('what every slot is doing').action(runList),
  doctor: (program, name, settings) =>
    maxServices(
      ofHome(program, name, settings).description(
        'look whether gateways can come back, and stop in peace; change nothing',
      ),
      settings,
    )
      .option('--service <directory>', 'the service around all gateways, if there is one', '/run/service/gateways')
      .option(
        '--stop-grace <seconds>',
        'what the engine gives the container to stop ($HERMES_STOP_GRACE)',
        seconds,
        settings.stopGrace,
      )
      .addHelpText('after', DOCTOR_HELP)
      .action(runDoctor),
  'boot-log': (program, name) =>
    program
      .command(name)
      .description('what became of each profile at the last boots, the newest last')
      .option('--home <directory>', 'root home directory ($HERMES_HOME, else ~/.hermes)')
      .option('--profile <name>', 'only this profile')
      .option('-n, --lines <count>', 'at most so many', count, 100)
      .option('--json', 'one JSON object a line', false)
      .action(runBootLog),
  'fix-static-perms': (program, name, settings) =>
    ofScandir(program, name, settings)
      .description('let a user see and command the services that s6-rc made before the boot scripts ran')
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

/** The command line as a tree: with the command that is `asked` for alone if there is one, since to make all takes longer. */
export function createProgram(asked: string | undefined, settings: Settings): Command {
  const program = new Command(PROGRAM)
    .description("Brings every profile's gateway back under s6 after a restart, and starts, stops and restarts them.")
    .version(manifest.version)
    .exitOverride()
    .showHelpAfterError(`(${PROGRAM} --help tells more)`)
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
    .option('--user <name>', 'user that a root supervisor drops to, NAME or UID:GID', settings.user)
    .option('--command <gateway>', "the gateway's program", DEFAULT_COMMAND);
}

function maxServices(command: Command, settings: Settings): Command {
  return command.option('--max-services <count>', "what s6-svscan's -c says", count, settings.maxServices);
}

function ofSlot(program: Command, name: string, settings: Settings): Command {
  return ofHome(program, name, settings)
    .argument('<name>', `profile, "${DEFAULT_PROFILE}" for the one in the home itself`)
    .option('--timeout <seconds>', 'how long a gateway may take until it is ready', seconds, 30)
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

/** `parse` for commander, which tells the reason only of an error of its own kind. */
function told<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
}
