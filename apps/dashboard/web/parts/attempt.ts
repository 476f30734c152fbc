import { Refused } from '@hermes/dashboard-client';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useSession } from './session.ts';

/** Runs one server request at a time. `failure` has the reason why the last attempt failed. */
export function useAttempt() {
  const queries = useQueryClient();
  const { reject } = useSession();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  /** @returns whether it was done. */
  const attempt = async (work: () => Promise<void>): Promise<boolean> => {
    if (isBusy) return false;
    setBusy(true);
    setFailure(null);
    try {
      await work();
      return true;
    } catch (error) {
      if (error instanceof Refused && error.status === 401) reject();
      setFailure(failureText(error));
      return false;
    } finally {
      setBusy(false);
      void queries.invalidateQueries({ queryKey: ['audit'] });
    }
  };
  return { attempt, isBusy, failure };
}

/** The reason of a failure, as text. */
export function failureText(error: unknown): string {
  if (!(error instanceof Refused)) return 'The dashboard cannot be reached; nothing is known to have changed.';
  if (error.status === 403) return `${error.said} Log in with one that has it.`;
  if (error.status === 412) return 'Another drain has begun in the meantime: look at it before you cancel it.';
  return error.said;
}
