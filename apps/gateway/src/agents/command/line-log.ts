import type { Readable } from 'node:stream';
import type { Logger } from '@hermes/service-kit';

/** Bounds of what one turn may put into the log: characters of a line, lines, and lines told again when it fails. */
const LIMITS = { line: 2_000, lines: 1_000, tail: 20 } as const;

/** Puts what a stream says into a log, line by line, and remembers the last lines. */
export class LineLog {
  readonly #log: Logger;
  readonly #tail: string[] = [];
  #rest = '';
  #lines = 0;
  /** Lines that wait for the word, at most as many as may be logged. */
  #held: string[] | undefined;

  /** @param isHeld whether nothing gets into the log before `release`. */
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

  /** Logs what was held back, and from now on every line at once. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const line of held) this.#tell(line);
  }

  /** Logs a last line that has no end. */
  flush(): void {
    this.#add(this.#rest);
    this.#rest = '';
  }

  #hear(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#add(line);
    // A line without end must not pile up in memory.
    if (this.#rest.length > LIMITS.line) this.flush();
  }

  #add(line: string): void {
    const told = line.trimEnd();
    if (told === '') return;
    const bounded = told.length > LIMITS.line ? `${told.slice(0, LIMITS.line)}…` : told;
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
