import { Refused } from '@hermes/dashboard-client';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useSession } from './session.ts';

/** Does something at the server, once at a time. `failure` tells why the last attempt came to nothing. */
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

/** Why something came to nothing, for a person. */
export function failureText(error: unknown): string {
  if (!(error instanceof Refused)) return 'The dashboard cannot be reached; nothing is known to have changed.';
  if (error.status === 403) return `${error.said} Log in with one that has it.`;
  if (error.status === 412) return 'Another drain has begun in the meantime: look at it before you cancel it.';
  return error.said;
}
