/** One thing that was looked at. */
export interface Check {
  /** `null` for what is about the whole machine. */
  readonly profile: string | null;
  readonly check: string;
  /** `null` when it cannot be determined here. */
  readonly ok: boolean | null;
  /** It works, and something about it may go wrong; `ok` is `null` then. */
  readonly warning?: true;
  readonly found: string;
  /** What to do; `null` when nothing is. */
  readonly cure: string | null;
}

/** A check as a line for people. */
export function formatCheck({ profile, check, ok, warning, found, cure }: Check): string {
  const mark = warning ? 'warn' : ok === null ? '?   ' : ok ? 'ok  ' : 'FAIL';
  const about = profile === null ? check : `${profile}: ${check}`;
  return `${mark} ${about}: ${found}${cure === null ? '' : `; ${cure}`}`;
}
