import { fileError } from '@hermes/drain-contract';

/**
 * An error of a system call while doing `action`, with what to do, about the path that it names, or `path`. Any other
 * error is returned as it is.
 */
export function explainSystemError(action: string, path: string, error: unknown): Error {
  const { syscall, path: named } = error as NodeJS.ErrnoException;
  return typeof syscall === 'string' ? fileError(action, named || path, error) : (error as Error);
}
