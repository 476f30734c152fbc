/** What follows the command name of a `/proc/PID/stat` line: fields 3 to 21, then field 22. */
const START_TIME = /^(?: \S+){19} (\d+)(?!\S)/;

/**
 * The start time of a process (clock ticks since boot, as text) from its `/proc/PID/stat` line, or `''`.
 * A command name may hold spaces and parentheses, so the fields are counted from the last `)`.
 * @see proc_pid_stat(5)
 */
export function parseStartTime(stat: string): string {
  const end = stat.lastIndexOf(')');
  if (end < 0) return '';
  return START_TIME.exec(stat.slice(end + 1))?.[1] ?? '';
}

/** The state of a process, as one letter, from its `/proc/PID/stat` line, or `''`. */
export function parseProcessState(stat: string): string {
  return stat
    .slice(stat.lastIndexOf(')') + 1)
    .trimStart()
    .charAt(0);
}

/** The epoch from its two halves, either of which may be empty; both empty gives `''`, which means unknown. */
export function formatEpoch(bootId: string, startTime: string): string {
  return bootId === '' && startTime === '' ? '' : `${bootId}:${startTime}`;
}

/** The boot time in seconds from the output of macOS `sysctl -n kern.boottime`, or `''`. */
export function parseKernBoottime(output: string): string {
  return /\bsec = (\d+)/.exec(output)?.[1] ?? '';
}
