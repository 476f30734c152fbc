/**
 * The journal could not execute a call: not a bug of the gateway, and possibly temporary. The cause is the original
 * error.
 */
export class StorageError extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
    this.name = 'StorageError';
  }
}

/** The result of `work`. @throws StorageError for an error of the storage; an error of our own code stays unchanged. */
export async function fromStorage<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof Error) || FAULTS.some((fault) => error instanceof fault)) throw error;
    throw new StorageError(error);
  }
}

const FAULTS = [TypeError, RangeError, ReferenceError, SyntaxError] as const;
