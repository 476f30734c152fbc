import { Command, InvalidArgumentError, Option } from 'commander';
import type { CommandName, Invocation } from '../commands/invocation.ts';
import type { CommonOptions, WaitingOptions } from '../commands/options.ts';
import { FORMATS } from '../output/reporter.ts';
import { parseDuration } from '../settings/duration.ts';
import { VERSION } from '../version.ts';
import { helpAfter } from './help.ts';

const MINUTE = 60_000;
const MOST_ENTRIES = 1000;

/** The whole command line as a tree; `invoke` does what it asks for. */
export function drainctl(invoke: (invocation: Invocation) => Promise<void>): Command {
  const program = new Command('drainctl')
    .description('Drains agent gateways from a terminal or a script, over the HTTP API of the dashboard.')
    .version(VERSION)
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText('after', helpAfter('drainctl'));
  const add = (name: CommandName, description: string) => addCommand(program, name, description, invoke);

  waiting(
    requesting(add('begin', 'Begin a drain: no new turn starts from the moment this returns, or --lead later.')),
    'hold',
  )
    .option('--wait', 'wait until it is safe to stop, and keep the drain alive meanwhile')
    .option('--join', 'take part in a drain that is in force already instead of leaving it alone (exit 5)');
  add('status', 'Show the drain, the gateway, and the turns in flight.').option('--all', 'every profile');
  waiting(add('wait', 'Wait until it is safe to stop.'), 'hold')
    .option('--request <id>', 'the drain to wait for (the one in force)')
    .option('--keep-alive', 'keep the drain alive meanwhile');
  following(add('watch', 'Show what happens until you have seen enough (Ctrl-C).'));
  add('cancel', 'Cancel the drain: messages are answered again.').option(
    '--request <id>',
    'cancel it only if it is this one (the one in force)',
  );
  add('extend', 'Keep the drain alive: it lapses its max age from now.')
    .option('--request <id>', 'extend it only if it is this one (the one in force)')
    .addOption(duration('--max-age <duration>', 'a new max age, 1s to 24h (as it was)', maxAge));
  following(add('restart', 'Restart the gateway through its supervisor, when it is safe to stop.'))
    .option('--force', 'also when it is not: turns in flight are interrupted')
    .option('--keep-drain', 'leave the drain on; else the restart ends it')
    .option('--reason <text>', 'why, for the people who will wonder')
    .option('--no-wait', 'do not wait until the gateway is ready again')
    .addOption(duration('--deadline <duration>', 'how long to wait').default(5 * MINUTE, '5m'));
  add('history', 'Show who asked for what, newest first.')
    .option('--limit <number>', 'at most so many requests', limit, 20)
    .option('--all', 'of every profile')
    .option('--verify', 'check that nobody has changed the record instead');
  waiting(
    requesting(add('run', 'Drain, wait, run COMMAND while the drain is kept alive; cancel it if that fails.')),
    'cancel',
  )
    .argument('<command...>', 'a command and its arguments, best after --')
    .passThroughOptions()
    .addOption(
      choice('--on-success <what>', 'what to do with the drain when COMMAND succeeds', ['hold', 'cancel'], 'hold'),
    )
    .addOption(
      choice('--on-failure <what>', 'what to do with the drain when COMMAND fails', ['cancel', 'hold'], 'cancel'),
    );
  // Replaced by a real one when it is called for.
  program
    .command('completion')
    .description('Print a script that completes command lines in your shell.')
    .argument('<shell>', 'bash, zsh, fish or powershell')
    .addHelpText('after', helpAfter('completion'));
  return program;
}

function addCommand(
  program: Command,
  name: CommandName,
  description: string,
  invoke: (i: Invocation) => Promise<void>,
) {
  return program
    .command(name)
    .description(description)
    .option('--profile <name>', 'the profile to work on', 'default')
    .option('--url <url>', 'where the dashboard is (before DRAINCTL_URL)')
    .option('--token-file <file>', 'file with its secret (before DRAINCTL_TOKEN and DRAINCTL_TOKEN_FILE)')
    .addOption(choice('-o, --output <format>', 'how to tell', [...FORMATS], 'text'))
    .addOption(new Option('--json', 'the same as -o json').implies({ output: 'json' }))
    .allowExcessArguments(false)
    .addHelpText('after', helpAfter(name))
    .action(async (...given: unknown[]) => {
      const command = given.at(-1) as Command;
      const options = command.opts<CommonOptions & Partial<WaitingOptions>>();
      checkTogether(command, options);
      await invoke({ name, options, command: command.args });
    });
}

function requesting(command: Command): Command {
  return command
    .option('--reason <text>', 'why, for the people who will wonder; at most 500 characters')
    .option('--quiet', 'no broadcast to the home channels when the gateway is stopped')
    .addOption(
      duration('--max-age <duration>', 'when the drain lapses if nobody keeps it alive, 1s to 24h (1h)', maxAge),
    )
    .addOption(
      duration('--lead <duration>', 'announce it for so long before messages are refused, up to 5m (0)', leadTime),
    )
    .option('--request-id <uuid>', 'its id, a UUID of your choice: the same id again is the same drain (a new one)');
}

function following(command: Command): Command {
  return command
    .addOption(
      duration('--heartbeat <duration>', 'say so this often when nothing changes; 0 for never').default(30_000, '30s'),
    )
    .addOption(
      duration(
        '--retry-for <duration>',
        'how long the dashboard may be out of reach; a deadline goes before it',
      ).default(5 * MINUTE, '5m'),
    );
}

function waiting(command: Command, onDeadline: 'hold' | 'cancel'): Command {
  return following(command)
    .addOption(duration('--deadline <duration>', 'wait at most so long (for ever)').implies({ wait: true }))
    .addOption(
      choice(
        '--on-deadline <what>',
        'then: leave the drain on, cancel it, or interrupt the turns that are left by a forced restart',
        ['hold', 'cancel', 'interrupt'],
        onDeadline,
      ),
    )
    .addOption(
      new Option(
        '--on-stalled <what>',
        'when only stalled turns are left, or the gateway gives no heartbeat: fail, or wait on (fail, unless a deadline is there to cancel or interrupt)',
      ).choices(['fail', 'wait']),
    )
    .option('--except-own-turn', 'in a command of an agent: do not wait for the turn that runs it (HERMES_TURN_ID)');
}

function checkTogether(command: Command, { deadline }: Partial<WaitingOptions>): void {
  const says = (option: string) => command.getOptionValueSource(option) === 'cli';
  if (says('onDeadline') && deadline === undefined) {
    command.error("error: option '--on-deadline' needs '--deadline <duration>'");
  }
}

function choice(flags: string, description: string, choices: readonly string[], byDefault: string): Option {
  return new Option(flags, description).choices(choices).default(byDefault);
}

function duration(flags: string, description: string, parse = durationArgument): Option {
  return new Option(flags, description).argParser(parse);
}

function durationArgument(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError('Expected a duration such as 90s, 15m or 1h30m, at most 7d.');
  return ms;
}

function maxAge(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= 1000 && ms <= 24 * 60 * MINUTE) return ms;
  throw new InvalidArgumentError('Expected a duration from 1s to 24h.');
}

function leadTime(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms <= 5 * MINUTE) return ms;
  throw new InvalidArgumentError('Expected a duration up to 5m.');
}

function limit(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text) && Number(text) <= MOST_ENTRIES) return Number(text);
  throw new InvalidArgumentError('Expected a whole number from 1 to 1000.');
}
