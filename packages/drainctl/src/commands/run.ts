import { KeepAlive, persistently, waitUntilDrained } from '@hermes/dashboard-client';
import { EXIT, type Outcome } from '../exit.ts';
import { failureOf } from '../failure.ts';
import { type CommandEnd, runCommand } from '../run/command.ts';
import { unlessConflict } from './conflict.ts';
import type { Context } from './context.ts';
import { finish, waitOptions } from './finish.ts';
import { describeUnanswered, type Made, makeRequest } from './make-request.ts';
import type { RunCommandOptions } from './options.ts';

import { requireNotSelf } from './own-turn.ts';

/** How long the dashboard may take to restart if COMMAND has stopped it. */
const CANCEL_RETRY_MS = 60_000;
const RELEASE_RETRY_MS = 5_000;

/** `drainctl run`. */
export async function run(context: Context, options: RunCommandOptions, command: readonly string[]): Promise<Outcome> {
  context.leaving = [describeUnanswered(context)];
  await requireNotSelf(context, options);
  const made = await makeRequest(context, options);
  const { requestId, maxAgeSeconds } = made;
  const { api, reporter } = context;
  const keepAlive = {
    requestId,
    maxAgeSeconds,
    // While COMMAND runs, it handles the signals.
    signal: new AbortController().signal,
    onLost: (error: Error) =>
      reporter.note('drain-lost', `the drain is gone, and the gateway takes turns again: ${error.message}`),
  };
  await using _ = new KeepAlive(api, keepAlive);
  const notDrained = await drainFirst(context, made, options);
  if (notDrained) return notDrained;
  reporter.note('command', `running ${command.join(' ')}`, { command });
  reporter.pause();
  const end = await runCommand(command, { DRAINCTL_REQUEST_ID: requestId }, context.handOver);
  return finishCommand(context, made, end, options);
}

/** @returns why COMMAND cannot be run; a drain that was begun for it is cancelled then, unless the options say otherwise. */
async function drainFirst(context: Context, made: Made, options: RunCommandOptions): Promise<Outcome | undefined> {
  const { api, reporter, signal } = context;
  try {
    const end = await waitUntilDrained(api, waitOptions(options, signal, made.requestId), reporter);
    if (end.judgement !== 'drained' && end.judgement !== 'drained-but-own') return await finish(context, end, options);
    signal.throwIfAborted();
    return undefined;
  } catch (error) {
    const what = options.onFailure === 'hold' ? 'the drain stays on' : await release(context, made, RELEASE_RETRY_MS);
    reporter.note('given-up', `the command was not run; ${what}`);
    context.leaving = ['interrupted'];
    throw error;
  }
}

async function finishCommand(
  context: Context,
  made: Made,
  end: CommandEnd,
  options: RunCommandOptions,
): Promise<Outcome> {
  const ok = end.status === EXIT.done;
  const wanted = ok ? options.onSuccess : options.onFailure;
  const released = wanted === 'cancel' ? await release(context, made, CANCEL_RETRY_MS) : 'the drain stays on';
  return {
    result: ok ? 'succeeded' : 'failed',
    exit: end.status,
    text: [`${end.message}; ${released}`],
    data: {
      profile: context.api.profile,
      request_id: made.requestId,
      command_status: end.status,
      command_signal: end.signal,
      drain_action: wanted,
    },
  };
}

/** Cancels the drain. @returns what came of it: the status of COMMAND is not to be hidden by a failure here. */
async function release({ api, reporter, paste }: Context, { requestId }: Made, retryFor: number): Promise<string> {
  const options = { signal: new AbortController().signal, retryFor, onLost: (error: Error) => reporter.lost(error) };
  try {
    await persistently(() => unlessConflict(api.cancel(options.signal, requestId)), options);
    return 'the drain was cancelled';
  } catch (error) {
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    const { exit, message } = failure;
    if (exit !== EXIT.unreachable && exit !== EXIT.refused) return `the drain could not be cancelled: ${message}`;
    const cure = paste('cancel', '--request', requestId);
    return `the drain could not be cancelled: ${message}. To cancel it: ${cure}`;
  }
}
