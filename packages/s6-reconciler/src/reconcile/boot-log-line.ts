/** One line of the boot log: the result for one profile at one boot. */
export interface BootLogEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly profile: string;
  /** The last reported state of the gateway; `null` if there is none. */
  readonly prior_state: string | null;
  /** `started`, `registered`, `kept`, `removed` or `skipped`. */
  readonly action: string;
  /** How the last process ended, as it said; `null` if it did not. */
  readonly prior_exit: string | null;
  /** The desired state as a file on the volume says it: `running`, `stopped`, or `null` when none does. */
  readonly desired: string | null;
  /** The reason for the action or the skip; `null` in lines of the reference system. */
  readonly reason: string | null;
}

const PLAIN = /^[A-Za-z0-9_.@:+-]{1,64}$/;
const LINE =
  /^(\d{4}-\d\d-\d\dT[\d:.+Z-]{1,32}) profile=("(?:[^"\\]|\\.)*"|\S+) prior_state=("(?:[^"\\]|\\.)*"|\S+) action=([\w-]{1,64})(?: prior_exit=("(?:[^"\\]|\\.)*"|\S+))?(?: desired=(running|stopped|None))?(?: reason=("(?:[^"\\]|\\.)*"))?$/;

/** Names and states come from a volume: none may be long, end a line or move a terminal's cursor. */
const MAX_SHOWN = 300;

/** The line, without its end. */
export function formatBootLogLine(entry: BootLogEntry): string {
  const reason = entry.reason === null ? '' : ` reason=${quoted(entry.reason)}`;
  const state = entry.prior_state === null ? 'None' : word(entry.prior_state);
  const exit = entry.prior_exit === null ? '' : ` prior_exit=${word(entry.prior_exit)}`;
  const desired = ` desired=${entry.desired ?? 'None'}`;
  const action = `action=${entry.action}${exit}${desired}${reason}`;
  return `${entry.at} profile=${word(entry.profile)} prior_state=${state} ${action}`;
}

/** The entry that a line holds, also one of the reference system; `undefined` for anything else. */
export function parseBootLogLine(line: string): BootLogEntry | undefined {
  const match = LINE.exec(line);
  const [, at, profile, state, action, exit, desired, reason] = match ?? [];
  if (at === undefined || profile === undefined || state === undefined || action === undefined) return undefined;
  return {
    at,
    profile: unquoted(profile),
    prior_state: state === 'None' ? null : unquoted(state),
    action,
    prior_exit: exit === undefined || exit === 'None' ? null : unquoted(exit),
    desired: desired === undefined || desired === 'None' ? null : desired,
    reason: reason === undefined ? null : unquoted(reason),
  };
}

function word(text: string): string {
  return PLAIN.test(text) && text !== 'None' ? text : quoted(text);
}

/** JSON in printable ASCII, because operators read the log with `cat`. */
function quoted(text: string): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text.slice(0, MAX_SHOWN)).replace(/[^\x20-\x7e]/g, escaped);
}

function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}
