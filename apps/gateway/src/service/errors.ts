import { ServiceError } from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';

/** Failures that can pass by themselves. */
const TEMPORARY = ['timeout', 'overruled'];

/** Errors of a service manager are for operators, like those of a start. @throws StartupError */
export async function withStartupErrors<T>(task: Promise<T>): Promise<T> {
  try {
    return await task;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new StartupError(error.message, { cause: error, temporary: TEMPORARY.includes(error.kind) });
  }
}
