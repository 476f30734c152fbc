/** The exit statuses of a gateway and their meaning for its supervisor. */
export const EXIT_STATUS = {
  /** It ended by its own decision: leave it down. */
  ok: 0,
  /** A temporary failure (sysexits EX_TEMPFAIL): always start it again. */
  temporary: 75,
  /** An operator must change something first (sysexits EX_CONFIG): leave it down. */
  config: 78,
} as const;
