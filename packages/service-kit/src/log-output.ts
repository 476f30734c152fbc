import { constants, fstatSync, openSync, writeSync } from 'node:fs';

/** How long an exit waits for the reader of stderr, in ms. */
export const STDERR_FLUSH_MS = 1_000;

/** Bounds: bytes that wait for a reader, and ms between tries to write them, also at an exit. */
const LIMITS = { pendingBytes: 256 * 1024, firstRetry: 1, lastRetry: 256, flushRetry: 10 } as const;

/** `full`: no room now. `broken`: no reader, no space, or a permanent error. */
type Written = 'all' | 'full' | 'broken';

/**
 * Lines for a descriptor whose reader may stop reading: `write` never blocks. What has no room waits in memory, up to
 * 256 KiB; beyond that the oldest lines are dropped and counted. Whatever fits is written before `write` returns, so
 * that it outlives the process.
 */
export class LogOutput {
  /** Called with the number of lines that were dropped, once the reader has taken all that was kept. */
  onGap: (lines: number) => void = () => undefined;
  /** The text that replaces a line. */
  asShown: (line: string) => string = (line) => line;
  readonly #fd: number;
  /** Whole lines, except that the first one may have been written in part. */
  readonly #pending: Buffer[] = [];
  #pendingBytes = 0;
  #isFirstCut = false;
  #dropped = 0;
  #unreported = 0;
  #isReporting = false;
  #retry: NodeJS.Timeout | undefined;

  /** @param fd must not block. */
  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Lines that were dropped since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Writes a line, which ends in a newline. Never throws. */
  write(text: string): void {
    const line = this.asShown(text);
    if (this.#pending.length > 0) {
      this.#keep(Buffer.from(line));
      return;
    }
    const size = Buffer.byteLength(line);
    const written = this.#tryWrite(line);
    if (written === size) return;
    this.#isFirstCut = typeof written === 'number';
    this.#keep(Buffer.from(line).subarray(typeof written === 'number' ? written : 0));
    this.#retryIn(LIMITS.firstRetry);
  }

  /** Waits for the reader until all is written, at most a second. For an exit: it blocks. */
  flush(): void {
    const deadline = performance.now() + STDERR_FLUSH_MS;
    this.#reportGap();
    while (this.#drain() === 'full' && performance.now() < deadline) pause(LIMITS.flushRetry);
  }

  #keep(line: Buffer): void {
    this.#pending.push(line);
    this.#pendingBytes += line.length;
    // The line about a gap may exceed the bound: another one dropped for it would make it wrong.
    if (this.#isReporting) return;
    // A reader that is only slower than we are must not lose what it would take now.
    if (this.#pendingBytes > LIMITS.pendingBytes) this.#drain();
    while (this.#pendingBytes > LIMITS.pendingBytes && this.#pending.length > 1) this.#dropOldest();
  }

  #dropOldest(): void {
    // A line that was started is completed: half a line would corrupt the next one.
    const [oldest] = this.#pending.splice(this.#isFirstCut ? 1 : 0, 1);
    this.#pendingBytes -= oldest?.length ?? 0;
    this.#dropped += 1;
    this.#unreported += 1;
  }

  /** Writes what is pending as far as there is room. */
  #drain(): Written {
    for (let first = this.#pending[0]; first; first = this.#pending[0]) {
      const written = this.#tryWrite(first);
      if (typeof written !== 'number') return written;
      this.#pendingBytes -= written;
      this.#isFirstCut = written < first.length;
      if (this.#isFirstCut) this.#pending[0] = first.subarray(written);
      else this.#pending.shift();
    }
    return 'all';
  }

  /** @returns the bytes that were written. */
  #tryWrite(bytes: string | Buffer): number | Exclude<Written, 'all'> {
    try {
      return typeof bytes === 'string' ? writeSync(this.#fd, bytes) : writeSync(this.#fd, bytes);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? 'full' : 'broken';
    }
  }

  #retryIn(milliseconds: number): void {
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      const before = this.#pendingBytes;
      if (this.#drain() === 'all') return this.#reportGap();
      const isTaken = this.#pendingBytes < before;
      this.#retryIn(isTaken ? LIMITS.firstRetry : Math.min(milliseconds * 2, LIMITS.lastRetry));
    }, milliseconds).unref();
  }

  #reportGap(): void {
    const lines = this.#unreported;
    this.#unreported = 0;
    if (lines === 0) return;
    this.#isReporting = true;
    this.onGap(lines);
    this.#isReporting = false;
  }
}

let stderr: LogOutput | undefined;

/** The stderr of this process, for all its lines. What still waits at an exit gets a second. */
export function stderrOutput(): LogOutput {
  if (stderr) return stderr;
  stderr = new LogOutput(openStderr());
  process.on('exit', flushStderr);
  return stderr;
}

/** Everything that this process writes to stderr goes through `asShown` from now on; it must keep line ends. */
export function showStderr(asShown: (line: string) => string): void {
  stderrOutput().asShown = asShown;
}

/** Waits up to a second for the reader of stderr to read the pending lines. */
export function flushStderr(): void {
  stderr?.flush();
}

/** Log lines that were dropped since the start, because the reader of stderr did not take them. */
export function droppedLogLines(): number {
  return stderr?.dropped ?? 0;
}

/**
 * A descriptor of stderr that does not block. A file has no reader that could stop. Of a pipe or a terminal we open a
 * description of our own: another process that shares ours may switch it back. That fails for a socket, and for a pipe
 * of another user; then descriptor 2 itself has to do.
 */
function openStderr(): number {
  const stat = fstatSync(2);
  if (stat.isFile()) return 2;
  // Node makes pipes and sockets non-blocking the first time they are asked for: without that, its own last words about
  // a crash would wait for the reader for ever.
  if (stat.isFIFO() || stat.isSocket()) void process.stderr;
  try {
    return openSync('/proc/self/fd/2', constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return 2;
  }
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
