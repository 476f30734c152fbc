/** Field 22 of a `/proc/PID/stat` line, counted from the process state, which follows the command name as field 3. */
const START_TIME_INDEX = 22 - 3;

/**
 * The start time of a process (clock ticks since boot, as text) from its `/proc/PID/stat` line, or `''`.
 * A command name may hold spaces and parentheses, so the fields are counted from the last `)`.
 * @see proc_pid_stat(5)
 */
export function parseStartTime(stat: string): string {
  const end = stat.lastIndexOf(')');
  if (end < 0) return '';
  const startTime =
    stat
      .slice(end + 1)
      .trim()
      .split(/\s+/)[START_TIME_INDEX] ?? '';
  return /^\d+$/.test(startTime) ? startTime : '';
}

/** The epoch from its two halves, either of which may be empty; both empty gives `''`, which means unknown. */
export function formatEpoch(bootId: string, startTime: string): string {
  return bootId === '' && startTime === '' ? '' : `${bootId}:${startTime}`;
}

/** The boot time in seconds from the output of macOS `sysctl -n kern.boottime`, or `''`. */
export function parseKernBoottime(output: string): string {
  return /\bsec = (\d+)/.exec(output)?.[1] ?? '';
}
