import { visibleText } from '@hermes/drain-contract';
import { type Command, CommanderError } from 'commander';
import type { Context } from '../commands/context.ts';
import type { Invocation } from '../commands/invocation.ts';
import type { CommonOptions, FollowOptions } from '../commands/options.ts';
import { EXIT, type Outcome } from '../exit.ts';
import type { Reporter } from '../output/reporter.ts';
import { dieBy, Interrupted, LeaveOnSignals, statusOf } from '../signals.ts';
import { helpAfter } from './help.ts';
import { drainctl } from './program.ts';

/** Runs the command line `argv` (as in `process.argv`). @returns the exit status; a signal may end the process instead. */
export async function runDrainctl(argv: readonly string[]): Promise<number> {
  let status: number = EXIT.done;
  const program = drainctl(async (invocation) => {
    status = await invoke(invocation);
  });
  try {
    if (argv[2] === 'complete' || argv[2] === 'completion') await addCompletion(program);
    await program.parseAsync([...argv]);
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(
      `drainctl: ${details
        .split('\n')
        .map((line) => visibleText(line))
        .join('\n')}\n`,
    );
    return EXIT.failure;
  }
}

async function addCompletion(program: Command): Promise<void> {
  const { default: tab } = await import('@bomb.sh/tab/commander');
  const own = program.commands.findIndex((command) => command.name() === 'completion');
  (program.commands as Command[]).splice(own, 1);
  tab(program, { completionCommandName: 'completion' });
  program.commands.find((command) => command.name() === 'completion')?.addHelpText('after', helpAfter('completion'));
}

async function invoke({ name, options, command }: Invocation): Promise<number> {
  using leave = new LeaveOnSignals();
  const isRun = name === 'run';
  quietlyLosing(isRun);
  const reporter = await reporterFor(name, options, isRun);
  const context: Unconnected = {
    reporter,
    signal: leave.signal,
    handOver: () => leave[Symbol.dispose](),
    leaving: ['interrupted'],
  };
  try {
    const outcome = await connectAndExecute(context, { name, options, command });
    reporter.finish(outcome);
    return outcome.exit;
  } catch (error) {
    if (error instanceof Interrupted) {
      reporter.finish({ result: 'detached', exit: statusOf(error.by), text: context.leaving });
      return dieBy(error.by);
    }
    // The client is loaded already, unless the command line is invalid.
    const failure = (await import('../failure.ts')).failureOf(error);
    if (failure === undefined) throw error;
    const { result, exit, message, data } = failure;
    reporter.finish({ result, exit, text: [message], data });
    return exit;
  }
}

type Unconnected = Omit<Context, 'api' | 'paste'>;

async function connectAndExecute(context: Unconnected, invocation: Invocation): Promise<Outcome> {
  const [{ readTarget }, { pasteable }, { DashboardApi }, { connectionTo }, { execute }] = await Promise.all([
    import('../settings/target.ts'),
    import('../settings/paste.ts'),
    import('@hermes/dashboard-client'),
    import('@hermes/dashboard-client/local'),
    import('../commands/execute.ts'),
  ]);
  const target = await readTarget(invocation.options, process.env);
  const connection = target.local ? connectionTo(target.local, target.token) : target;
  const api = new DashboardApi(connection, invocation.options.profile);
  const paste = pasteable(invocation.options, process.env, target);
  return execute(Object.assign(context, { api, paste }), invocation);
}

async function reporterFor(name: string, options: CommonOptions, isRun: boolean): Promise<Reporter> {
  const { heartbeat = 0 } = options as Partial<FollowOptions>;
  // The standard output of `run` is the command's.
  const out = isRun ? process.stderr : process.stdout;
  if (options.output !== 'text') {
    const { JsonReporter, NdjsonReporter } = await import('../output/json.ts');
    // A watch never comes to its end.
    const streams = options.output === 'ndjson' || name === 'watch';
    return streams ? new NdjsonReporter(out, name, heartbeat) : new JsonReporter(out, name);
  }
  const { TextReporter } = await import('../output/text.ts');
  const live = out.isTTY === true && process.env['TERM'] !== 'dumb';
  return new TextReporter({ out, err: process.stderr, heartbeat, live });
}

/** A closed stdout, as in `drainctl watch | head -1`, is not an error, and `run` does not end its command. */
function quietlyLosing(isRun: boolean): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
      if (!isRun) process.exit(statusOf('SIGPIPE'));
    });
  }
}
