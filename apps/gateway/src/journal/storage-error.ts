/** The journal could not do what was asked of it: not a fault of ours, and it may pass. The cause is what it said. */
export class StorageError extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
    this.name = 'StorageError';
  }
}

/** What `work` comes to. @throws StorageError instead of what the storage throws; a fault in our code stays what it is. */
export async function fromStorage<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof Error) || FAULTS.some((fault) => error instanceof fault)) throw error;
    throw new StorageError(error);
  }
}

const FAULTS = [TypeError, RangeError, ReferenceError, SyntaxError] as const;
