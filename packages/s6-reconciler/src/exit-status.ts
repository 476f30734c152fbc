/** What a gateway's exit statuses ask of its supervisor. */
export const EXIT_STATUS = {
  /** It ended by its own decision: leave it down. */
  ok: 0,
  /** Something was in its way that passes by itself (sysexits EX_TEMPFAIL): start it again, however often. */
  temporary: 75,
  /** A person has to change something first (sysexits EX_CONFIG): leave it down. */
  config: 78,
} as const;
