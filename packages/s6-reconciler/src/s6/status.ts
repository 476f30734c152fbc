/** The status of one service as s6-supervise reports it. */
export interface SupervisedStatus {
  readonly up: boolean;
  readonly wantedUp: boolean;
  /** Whether there is no `down` file. */
  readonly normallyUp: boolean;
  readonly ready: boolean;
  /** `undefined` while it is down. */
  readonly pid: number | undefined;
  /** Exit status of the last process; `undefined` while it is up, and when a signal ended it. */
  readonly exitCode: number | undefined;
  /** Name of the signal that ended the last process. */
  readonly signal: string | undefined;
  /** Since it went up or down. */
  readonly seconds: number;
}

/** The fields to ask `s6-svstat -o` for. */
export const STATUS_FIELDS = 'up,wantedup,normallyup,ready,pid,exitcode,signal,updownfor';

const LINE = /^(true|false) (true|false) (true|false) (true|false) (-?\d+) (-?\d+) (\S+) (\d+)$/;

/** Reads the line that `s6-svstat -o` prints for {@link STATUS_FIELDS}; `undefined` if it is another. */
export function parseStatus(line: string): SupervisedStatus | undefined {
  const fields = LINE.exec(line.trim())?.slice(1);
  if (fields === undefined) return undefined;
  const [up, wantedUp, normallyUp, ready] = fields.map((field) => field === 'true');
  const [pid, exitCode, , seconds] = fields.slice(4).map(Number);
  const signal = fields[6];
  return {
    up: up === true,
    wantedUp: wantedUp === true,
    normallyUp: normallyUp === true,
    ready: ready === true,
    pid: pid !== undefined && pid > 0 ? pid : undefined,
    exitCode: up === true || exitCode === undefined || exitCode < 0 ? undefined : exitCode,
    signal: up === true || signal === 'NA' ? undefined : signal,
    seconds: seconds ?? 0,
  };
}
