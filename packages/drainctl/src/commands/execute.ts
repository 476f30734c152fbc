import type { Outcome } from '../exit.ts';
import type { Context } from './context.ts';
import type { Invocation } from './invocation.ts';

/** Runs one command; loads nothing of the others. */
export async function execute(context: Context, { name, options, command }: Invocation): Promise<Outcome> {
  // What the tree has parsed for a command is that command's options.
  const given = options as never;
  switch (name) {
    case 'begin':
      return (await import('./begin.ts')).begin(context, given);
    case 'status':
      return (await import('./status.ts')).status(context, given);
    case 'wait':
      return (await import('./wait.ts')).wait(context, given);
    case 'watch':
      return (await import('./watch.ts')).watch(context, given);
    case 'cancel':
      return (await import('./cancel.ts')).cancel(context, given);
    case 'extend':
      return (await import('./extend.ts')).extend(context, given);
    case 'restart':
      return (await import('./restart.ts')).restart(context, given);
    case 'history':
      return (await import('./history.ts')).history(context, given);
    case 'run':
      return (await import('./run.ts')).run(context, given, command);
  }
}
