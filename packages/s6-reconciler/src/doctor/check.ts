/** One check and its result. */
export interface Check {
  /** `null` for a check of the whole machine. */
  readonly profile: string | null;
  readonly check: string;
  /** `null` when it cannot be determined here. */
  readonly ok: boolean | null;
  /** It works but may fail later; `ok` is then `null`. */
  readonly warning?: true;
  readonly found: string;
  /** The remedy; `null` if none is needed. */
  readonly cure: string | null;
}

/** A check as a line of text. */
export function formatCheck({ profile, check, ok, warning, found, cure }: Check): string {
  const mark = warning ? 'warn' : ok === null ? '?   ' : ok ? 'ok  ' : 'FAIL';
  const about = profile === null ? check : `${profile}: ${check}`;
  return `${mark} ${about}: ${found}${cure === null ? '' : `; ${cure}`}`;
}
