import { type Logger, withTimeout } from '@hermes/service-kit';
import type { AgentRequest } from '../../agent.ts';
import { AgentError } from '../../agent-error.ts';
import type { CommandAgentConfig } from '../../config.ts';
import type { Child } from '../launcher.ts';
import { LineLog } from '../line-log.ts';
import { ProcessGroup } from '../process-group.ts';
import { LineSplitter } from './line-splitter.ts';
import { type AnswerLine, messageLine, parseAnswer } from './protocol.ts';

/** Maximum time to read the rest of the output after the process has ended, in ms. */
const DRAIN_MS = 1_000;

/** JSON may use this many characters for one byte of a reply, and some more for the rest of a line. */
const ESCAPED = { factor: 6, more: 1_000 } as const;

/** Characters of a wrong line in the log. */
const MAX_SHOWN = 200;

type Rules = Pick<CommandAgentConfig, 'timeout' | 'max_output' | 'kill_after'>;

/** A command that answers the messages of one session, one at a time. */
export class SessionProcess {
  /** Resolves when no process of the command is left. Never rejects. */
  readonly ended: Promise<void>;
  /** The last turn of the conversation that it knows of. */
  lastTurn: string | undefined;
  readonly #child: Child;
  readonly #rules: Rules;
  readonly #log: Logger;
  readonly #group: ProcessGroup;
  readonly #stderr: LineLog;
  readonly #lines: AnswerLine[] = [];
  #changed = Promise.withResolvers<void>();
  /** Bytes of the answer so far. */
  #bytes = 0;
  /** Whether no message waits for an answer. */
  #isAnswered = true;
  #isOver = false;
  /** Why this process stopped it, as a sentence for users. */
  #problem: string | undefined;

  /** @param child that does not run the command yet, as the leader of a process group. */
  constructor(child: Child, pid: number, rules: Rules, options: { log: Logger; isIsolated: boolean }) {
    this.#child = child;
    this.#rules = rules;
    this.#log = options.log;
    this.#group = new ProcessGroup(pid, rules.kill_after * 1_000, options.isIsolated);
    this.#stderr = new LineLog(child.stderr, options.log, true);
    const splitter = new LineSplitter(rules.max_output * ESCAPED.factor + ESCAPED.more);
    child.stdout.on('data', (bytes: Uint8Array) => this.#hear(splitter.take(bytes)));
    // It may have ended: its end is reported otherwise.
    child.stdin?.on('error', () => undefined);
    this.ended = this.#untilEnded();
  }

  get isOver(): boolean {
    return this.#isOver || this.#problem !== undefined;
  }

  /** The command runs. */
  begin(): void {
    this.#stderr.release();
  }

  /** Ends all its processes. */
  stop(problem = 'The command was stopped.'): void {
    this.#problem ??= problem;
    this.#child.stdin?.end();
    this.#group.stop();
  }

  /** Answers one message. An abort interrupts the command, which may continue with the next message. @throws AgentError */
  async *answer(request: AgentRequest, signal: AbortSignal): AsyncIterable<string> {
    const { timeout, kill_after } = this.#rules;
    let killer: NodeJS.Timeout | undefined;
    const interrupt = () => {
      this.#group.interrupt();
      killer ??= setTimeout(() => this.stop('The command was interrupted.'), kill_after * 1_000);
    };
    const late = setTimeout(
      () => this.stop(`The command took longer than ${timeout} s and was stopped.`),
      timeout * 1_000,
    );
    this.#isAnswered = false;
    this.#bytes = 0;
    this.#child.stdin?.write(messageLine(request));
    signal.addEventListener('abort', interrupt, { once: true });
    if (signal.aborted) interrupt();
    try {
      for (let line = await this.#next(); line?.type !== 'done'; line = await this.#next()) {
        if (line === undefined) throw this.#endFailure(signal);
        if (line.type === 'error') throw new AgentError(line.message);
        if (line.text !== '') yield line.text;
      }
      signal.throwIfAborted();
    } finally {
      clearTimeout(late);
      clearTimeout(killer);
      signal.removeEventListener('abort', interrupt);
      await this.#settle();
      if (request.history !== undefined) this.lastTurn = request.turn;
    }
  }

  /** A consumer that stops reading, or a failure, leaves an answer that has not ended: then it is stopped. */
  async #settle(): Promise<void> {
    if (!this.#isAnswered) this.stop();
    this.#lines.length = 0;
    if (this.isOver) await this.ended;
  }

  #endFailure(signal: AbortSignal): Error {
    signal.throwIfAborted();
    const { exitCode, signalCode } = this.#child;
    const why = signalCode === null ? `with exit code ${exitCode}` : `by ${signalCode}`;
    const failure = this.#problem ?? `The command ended ${why} before its answer was complete.`;
    this.#log.warn({ stderr: this.#stderr.tail, reason: failure }, 'the command failed');
    return new AgentError(failure);
  }

  /** @returns `undefined` when there is none any more. */
  async #next(): Promise<AnswerLine | undefined> {
    while (this.#lines.length === 0 && !this.#isOver) await this.#changed.promise;
    return this.#lines.shift();
  }

  #hear(lines: readonly string[] | undefined): void {
    if (lines === undefined) this.stop('The command wrote a line that is too long, and was stopped.');
    for (const text of lines ?? []) if (this.#problem === undefined) this.#hearLine(text);
    this.#wake();
  }

  #hearLine(text: string): void {
    const line = parseAnswer(text);
    if (line === undefined) {
      this.#log.warn({ stdout: text.slice(0, MAX_SHOWN) }, WRONG_LINE);
      this.stop(`${WRONG_LINE}. It was stopped; see the log of the gateway.`);
    } else if (this.#isAnswered) {
      this.#log.warn({ stdout: text.slice(0, MAX_SHOWN) }, UNASKED);
      this.stop(UNASKED);
    } else {
      this.#take(line);
    }
  }

  #take(line: AnswerLine): void {
    const { max_output } = this.#rules;
    if (line.type === 'delta') this.#bytes += Buffer.byteLength(line.text);
    if (this.#bytes > max_output) this.stop(`The command printed more than ${max_output} bytes and was stopped.`);
    else {
      this.#isAnswered = line.type !== 'delta';
      this.#lines.push(line);
    }
  }

  async #untilEnded(): Promise<void> {
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    await new Promise((resolve) => this.#child.once('exit', resolve));
    await this.#group.sweep(() => this.#log.error({ group: this.#child.pid }, STUCK));
    await withTimeout(closed, DRAIN_MS, () => undefined);
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
    this.#stderr.flush();
    this.#isOver = true;
    this.#wake();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

const UNASKED = 'The command wrote without a message to answer, and was stopped.';

const WRONG_LINE =
  'The command wrote a line that is not of the protocol: expected a JSON object with the type delta, done or error';

const STUCK = 'processes of the command still run after SIGKILL: end them by hand';
