import { closeSync, openSync } from 'node:fs';

/** A state is written with two, its directory and the file, and a marker may be read meanwhile. */
const SPARES = 3;

/** None is left for this process, or none for the machine. */
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

/** `openSync`, with the help of a spare descriptor when there is no other. To be closed with {@link closeFile}. */
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

/** `closeSync`. Takes back a spare descriptor at once, before anything else can have the one that is free now. */
export function closeFile(file: number): void {
  closeSync(file);
  replenish();
}

function replenish(): void {
  try {
    while (spares.length < wanted) spares.push(openSync('/', 'r'));
  } catch {
    // Taken by another thread; the next file that is closed makes up for it.
  }
}
