import { readdirSync, readFileSync } from 'node:fs';

const EVERY_MS = 1_000;

interface Reading {
  readonly memoryMb: number;
  readonly descriptors: number;
}

/** How a program's needs at the end of a while compare to those after its first quarter. */
export interface Trend {
  readonly memoryBeforeMb: number;
  readonly memoryAfterMb: number;
  readonly descriptorsBefore: number;
  readonly descriptorsAfter: number;
}

/** Watches the memory and the open descriptors of a process, as the machine sees them. */
export class Vitals implements Disposable {
  readonly #readings: Reading[] = [];
  readonly #timer: NodeJS.Timeout;

  /** @param process its directory in /proc. */
  constructor(process: string) {
    const read = () => this.#readings.push(readingOf(process));
    read();
    this.#timer = setInterval(read, EVERY_MS);
  }

  /** The second quarter, when everything has been used once, and the last. */
  trend(): Trend {
    const quarter = Math.ceil(this.#readings.length / 4);
    const before = this.#readings.slice(quarter, 2 * quarter);
    const after = this.#readings.slice(-quarter);
    return {
      memoryBeforeMb: median(before.map(({ memoryMb }) => memoryMb)),
      memoryAfterMb: median(after.map(({ memoryMb }) => memoryMb)),
      descriptorsBefore: median(before.map(({ descriptors }) => descriptors)),
      descriptorsAfter: median(after.map(({ descriptors }) => descriptors)),
    };
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** @throws Error when the process is gone: who watches it has said that it will not end. */
function readingOf(process: string): Reading {
  const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`${process}/status`, 'utf8'))?.[1]);
  return { memoryMb: Math.round(kilobytes / 1024), descriptors: readdirSync(`${process}/fd`).length };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
