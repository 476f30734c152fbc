import { Command, InvalidArgumentError, Option } from 'commander';
import type { CommandName, Invocation } from '../commands/invocation.ts';
import type { CommonOptions, WaitingOptions } from '../commands/options.ts';
import { FORMATS } from '../output/reporter.ts';
import { parseDuration } from '../settings/duration.ts';
import { VERSION } from '../version.ts';
import { helpAfter } from './help.ts';

const MINUTE = 60_000;
const MOST_ENTRIES = 1000;

/** The command line; `invoke` runs a command. */
export function drainctl(invoke: (invocation: Invocation) => Promise<void>): Command {
  const program = new Command('drainctl')
    .description('Drain agent gateways from a terminal or a script, through the HTTP API of the dashboard.')
    .version(VERSION)
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText('after', helpAfter('drainctl'));
  const add = (name: CommandName, description: string) => addCommand(program, name, description, invoke);

  waiting(
    requesting(add('begin', 'Begin a drain. When this command returns (or --lead later), no new turn starts.')),
    'hold',
  )
    .option('--wait', 'wait until it is safe to stop; refresh the drain while waiting')
    .option('--join', 'if a drain is already in force, refresh it instead of failing with exit code 5');
  add('status', 'Show the drain, the gateway and the turns in flight.').option('--all', 'show every profile');
  waiting(add('wait', 'Wait until it is safe to stop.'), 'hold')
    .option('--request <id>', 'id of the drain to wait for (default: the drain in force)')
    .option('--keep-alive', 'refresh the drain while waiting');
  following(add('watch', 'Show changes until interrupted with Ctrl-C.'));
  add('cancel', 'Cancel the drain. The gateway accepts messages again.').option(
    '--request <id>',
    'cancel only the drain with this id (default: the drain in force)',
  );
  add('extend', 'Refresh the drain. It then expires one max age from now.')
    .option('--request <id>', 'extend only the drain with this id (default: the drain in force)')
    .addOption(duration('--max-age <duration>', 'new max age, 1s to 24h (default: unchanged)', maxAge));
  following(add('restart', 'Restart the gateway through its supervisor if it is safe to stop.'))
    .option('--force', 'restart even if it is not safe: turns in flight are interrupted')
    .option('--keep-drain', 'keep the drain in force; by default the restart ends it')
    .option('--reason <text>', 'reason, shown to other operators and in the audit log')
    .option('--no-wait', 'return without waiting until the gateway is ready again')
    .addOption(duration('--deadline <duration>', 'maximum time to wait').default(5 * MINUTE, '5m'));
  add('history', 'Show the last requests, newest first.')
    .option('--limit <number>', 'maximum number of requests, 1 to 1000', limit, 20)
    .option('--all', 'show the requests of every profile')
    .option('--verify', 'check that the audit log was not changed, instead of showing it');
  waiting(
    requesting(
      add('run', 'Drain, wait, then run COMMAND while the drain is refreshed. Cancel the drain if COMMAND fails.'),
    ),
    'cancel',
  )
    .argument('<command...>', 'command and its arguments; put them after --')
    .passThroughOptions()
    .addOption(
      choice('--on-success <what>', 'what to do with the drain if COMMAND succeeds', ['hold', 'cancel'], 'hold'),
    )
    .addOption(
      choice('--on-failure <what>', 'what to do with the drain if COMMAND fails', ['cancel', 'hold'], 'cancel'),
    );
  // Replaced by a real one when it is called for.
  program
    .command('completion')
    .description('Print a shell completion script.')
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
    .option('--profile <name>', 'profile to work on', 'default')
    .option('--url <url>', 'URL of the dashboard; overrides DRAINCTL_URL')
    .option('--token-file <file>', 'file with the secret; overrides DRAINCTL_TOKEN and DRAINCTL_TOKEN_FILE')
    .addOption(choice('-o, --output <format>', 'output format', [...FORMATS], 'text'))
    .addOption(new Option('--json', 'short for -o json').implies({ output: 'json' }))
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
    .option('--reason <text>', 'reason, shown to other operators and in the audit log; at most 500 characters')
    .option('--quiet', 'send no shutdown notice to the home channels')
    .addOption(
      duration(
        '--max-age <duration>',
        'the drain expires after this time unless it is refreshed, 1s to 24h (default: 1h)',
        maxAge,
      ),
    )
    .addOption(
      duration(
        '--lead <duration>',
        'announce the drain this long before messages are refused, up to 5m (default: 0)',
        leadTime,
      ),
    )
    .option(
      '--request-id <uuid>',
      'id of the drain, a UUID that you choose; the same id again refreshes the same drain (default: a new UUID)',
    );
}

function following(command: Command): Command {
  return command
    .addOption(
      duration('--heartbeat <duration>', 'progress interval while nothing changes; 0 for none').default(30_000, '30s'),
    )
    .addOption(
      duration(
        '--retry-for <duration>',
        'how long to retry while the dashboard cannot be reached; a deadline takes precedence',
      ).default(5 * MINUTE, '5m'),
    );
}

function waiting(command: Command, onDeadline: 'hold' | 'cancel'): Command {
  return following(command)
    .addOption(duration('--deadline <duration>', 'maximum time to wait (default: no limit)').implies({ wait: true }))
    .addOption(
      choice(
        '--on-deadline <what>',
        'what to do when the deadline passes: keep the drain, cancel it, or interrupt the remaining turns by a forced restart',
        ['hold', 'cancel', 'interrupt'],
        onDeadline,
      ),
    )
    .addOption(
      new Option(
        '--on-stalled <what>',
        'what to do when only stalled turns are left, or the gateway sends no heartbeat (default: fail, or wait if --on-deadline is cancel or interrupt)',
      ).choices(['fail', 'wait']),
    )
    .option('--except-own-turn', 'when an agent runs this command: do not wait for its own turn (HERMES_TURN_ID)');
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
