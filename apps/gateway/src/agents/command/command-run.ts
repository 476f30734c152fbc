import { Readable } from 'node:stream';
import { setImmediate as pollPhase } from 'node:timers/promises';
import { type Logger, withTimeout } from '@hermes/service-kit';
import type { CommandEnd, CommandLimits, StopReason } from './failure.ts';
import type { Child } from './launcher.ts';
import { LineLog } from './line-log.ts';
import { ProcessGroup } from './process-group.ts';

/** Maximum time to read the rest of the pipes after all their writers have ended, in ms. */
const DRAIN_MS = 1_000;

export interface RunOptions extends CommandLimits {
  /** Seconds from SIGTERM to SIGKILL. */
  readonly kill_after: number;
  readonly log: Logger;
  /** Whether the child is the sandbox around the command. */
  readonly isIsolated: boolean;
  /** Removes the files of the turn, before it is over. Never rejects. */
  readonly removeFiles?: () => Promise<unknown>;
}

/** Maximum time that the end of a run waits for the removal of its files, in ms: the disk may hang. */
const REMOVAL_MS = 1_000;

/** A process that keeps the pipe open may write for ever. */
const READ_PASSES = 100;

/**
 * One run of a command, from its start until none of its processes is left. It ends whether or not its output is read.
 */
export class CommandRun {
  /** The output as it arrives; ends when none of its processes is left. `max_output` bounds what is buffered here. */
  readonly output = new Readable({ objectMode: true, read: () => undefined });
  /** How the run ended; resolves when none of its processes is left. Never rejects. */
  readonly ended: Promise<CommandEnd>;
  readonly #options: RunOptions;
  readonly #group: ProcessGroup;
  readonly #stderr: LineLog;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #heard = 0;
  #stopped: StopReason | undefined;

  /** @param child that does not run the command yet, as the leader of a process group. */
  constructor(child: Child, pid: number, options: RunOptions) {
    this.#options = options;
    this.#group = new ProcessGroup(pid, options.kill_after * 1_000, options.isIsolated);
    this.#stderr = new LineLog(child.stderr, options.log, true);
    child.stdout.on('data', (bytes: Uint8Array) => this.#hear(bytes));
    this.ended = this.#untilEnded(child).then(async (end) => {
      if (options.removeFiles) await withTimeout(options.removeFiles(), REMOVAL_MS, () => undefined);
      return end;
    });
  }

  /** The last lines on its stderr. */
  get lastWords(): readonly string[] {
    return this.#stderr.tail;
  }

  /** The command runs: what is on its stderr from now on, and was before, is from the command. */
  begin(): void {
    this.#stderr.release();
  }

  /** Ends all its processes; the first reason counts. */
  stop(reason: StopReason): void {
    this.#stopped ??= reason;
    this.#group.stop();
  }

  async #untilEnded(child: Child): Promise<CommandEnd> {
    const closed = new Promise((resolve) => child.once('close', resolve));
    const timeout = setTimeout(() => this.stop('timeout'), this.#options.timeout * 1_000);
    const end = await untilExit(child);
    const exitedAt = Date.now();
    clearTimeout(timeout);
    const leftovers = await this.#group.sweep(() => this.#options.log.error({ group: child.pid }, STUCK));
    if (leftovers !== 'clean') this.#options.log.warn({ leftovers }, 'the command left processes behind');
    // A process that has left the group may keep the pipes open for an unlimited time.
    const left = exitedAt + this.#options.kill_after * 1_000 - Date.now();
    await withTimeout(closed, Math.max(left, DRAIN_MS), () => undefined);
    await this.#readWhatIsThere();
    child.stdout.destroy();
    child.stderr.destroy();
    this.#stderr.flush();
    if (this.#stopped !== 'output') this.#say(this.#decoder.decode());
    if (!this.output.destroyed) this.output.push(null);
    return { ...end, stopped: this.#stopped };
  }

  /**
   * After a suspend, timers of this process are due before it has read anything: earlier output of the command may
   * still be in the pipe.
   */
  async #readWhatIsThere(): Promise<void> {
    for (let pass = 0, heard = -1; pass < READ_PASSES && heard !== this.#heard; pass++) {
      heard = this.#heard;
      await pollPhase();
    }
  }

  #hear(bytes: Uint8Array): void {
    const room = this.#options.max_output - this.#heard;
    this.#heard += bytes.byteLength;
    if (room > 0) this.#say(this.#decoder.decode(bytes.subarray(0, room), { stream: true }));
    if (bytes.byteLength > room) this.stop('output');
  }

  #say(text: string): void {
    if (text !== '' && !this.output.destroyed) this.output.push(text);
  }
}

const STUCK = 'processes of the command still run after SIGKILL, and the turn waits for them: end them by hand';

function untilExit(child: Child): Promise<Omit<CommandEnd, 'stopped'>> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
}
