import type { Check } from './check.ts';

/** What a check found. `ok` is `null` where it cannot be determined. */
export type Finding = Pick<Check, 'ok' | 'found' | 'cure'> & Pick<Partial<Check>, 'warning'>;

export function fine(found: string): Finding {
  return { ok: true, found, cure: null };
}

export function fault(found: string, cure: string | null): Finding {
  return { ok: false, found, cure };
}

export function unknown(found: string, cure: string | null = null): Finding {
  return { ok: null, found, cure };
}

export function warn(found: string, cure: string | null): Finding {
  return { ok: null, warning: true, found, cure };
}

/** The errno name, or the message. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
