import type { Readable } from 'node:stream';
import type { Logger } from '@hermes/service-kit';

/** Limits of one turn in the log: characters of a line, lines, and last lines that are repeated on failure. */
const LIMITS = { line: 2_000, lines: 1_000, tail: 20 } as const;

/** Logs a stream line by line, and keeps the last lines. */
export class LineLog {
  readonly #log: Logger;
  readonly #tail: string[] = [];
  #rest = '';
  #lines = 0;
  /** Lines buffered until `release`, at most as many as may be logged. */
  #held: string[] | undefined;

  /** @param isHeld whether lines are buffered until `release`. */
  constructor(stream: Readable, log: Logger, isHeld = false) {
    this.#log = log;
    this.#held = isHeld ? [] : undefined;
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => this.#hear(text));
  }

  /** The last lines, oldest first. */
  get tail(): readonly string[] {
    return this.#rest === '' ? this.#tail : [...this.#tail, this.#rest].slice(-LIMITS.tail);
  }

  /** Logs the buffered lines, and from now on every line at once. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const line of held) this.#tell(line);
  }

  /** Logs a last line without a line break. */
  flush(): void {
    this.#add(this.#rest);
    this.#rest = '';
  }

  #hear(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#add(line);
    // Bounds the memory for a line that never ends.
    if (this.#rest.length > LIMITS.line) this.flush();
  }

  #add(line: string): void {
    const text = line.trimEnd();
    if (text === '') return;
    const bounded = text.length > LIMITS.line ? `${text.slice(0, LIMITS.line)}…` : text;
    this.#tail.push(bounded);
    if (this.#tail.length > LIMITS.tail) this.#tail.shift();
    if (this.#held === undefined) this.#tell(bounded);
    else if (this.#held.length <= LIMITS.lines) this.#held.push(bounded);
  }

  #tell(line: string): void {
    this.#lines++;
    if (this.#lines <= LIMITS.lines) this.#log.info({ stderr: line }, 'stderr of the command');
    if (this.#lines === LIMITS.lines)
      this.#log.warn('the command writes too much to stderr; the rest of this turn is not logged');
  }
}
