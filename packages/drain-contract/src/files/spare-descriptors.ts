import { closeSync, openSync } from 'node:fs';

/** A marker is written with four, its lock, its directory, the new file and the old one; another is for a state. */
const SPARES = 5;

/** No descriptor is left for this process, or none for the machine. */
const EXHAUSTED: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE']);

const spares: number[] = [];
let wanted = 0;

/**
 * Keeps descriptors in hand for the contract files: a program whose connections have used up all others still sees the
 * marker and publishes its state. Programs hold them for their whole life; disposing gives them back.
 */
export function holdSpareDescriptors(count = SPARES): Disposable {
  wanted += count;
  replenish();
  return {
    [Symbol.dispose]() {
      wanted -= count;
      while (spares.length > wanted) closeSync(spares.pop() as number);
    },
  };
}

/** `openSync`; uses a spare descriptor when there is no other. Close the result with {@link closeFile}. */
export function openFile(path: string, flags: number, mode?: number): number {
  for (;;) {
    try {
      return openSync(path, flags, mode);
    } catch (error) {
      const spare = EXHAUSTED.has((error as NodeJS.ErrnoException).code) ? spares.pop() : undefined;
      if (spare === undefined) throw error;
      closeSync(spare);
    }
  }
}

/**
 * Calls `open`, which does not say why it failed, with the help of spare descriptors when there are no others. What it
 * opened is to be followed by {@link replenish} once it is closed. @throws what `open` throws, or EMFILE or ENFILE.
 */
export function openWithSpares<T>(open: () => T): T {
  for (;;) {
    try {
      return open();
    } catch (error) {
      const exhaustion = findExhaustion();
      if (exhaustion === undefined) throw error;
      const spare = spares.pop();
      if (spare === undefined) throw exhaustion;
      closeSync(spare);
    }
  }
}

function findExhaustion(): unknown {
  try {
    closeSync(openSync('/', 'r'));
    return undefined;
  } catch (error) {
    return EXHAUSTED.has((error as NodeJS.ErrnoException).code) ? error : undefined;
  }
}

/** `closeSync`. Takes back a spare descriptor at once, before anything else can have the one that is free now. */
export function closeFile(file: number): void {
  closeSync(file);
  replenish();
}

/** Takes back spare descriptors that were given up, as far as there are free ones. */
export function replenish(): void {
  try {
    while (spares.length < wanted) spares.push(openSync('/', 'r'));
  } catch {
    // Another thread has taken it; the next closed file replaces it.
  }
}
