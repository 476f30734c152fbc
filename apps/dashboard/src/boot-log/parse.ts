/** What the reconciler did about one profile at one boot. */
export interface BootLogEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly profile: string;
  readonly prior_state: string | null;
  readonly action: string;
  readonly reason: string | null;
}

/** A longer line is nobody's. */
const MAX_LINE = 4_096;

const LINE = /^(\d{4}-\d\d-\d\dT[\d:.]{5,20}(?:Z|[+-]\d\d:?\d\d)?) (.+)$/;
const FIELD = /([a-z_]+)=("(?:[^"\\]|\\.)*"|[^\s"]*)(?: |$)/gy;

/** Reads `TS profile=x prior_state=running action=started reason="…"`; `undefined` when that is not what it is. */
export function parseBootLine(line: string): BootLogEntry | undefined {
  const [, at, rest = ''] = (line.length <= MAX_LINE && LINE.exec(line)) || [];
  const fields = new Map([...rest.matchAll(FIELD)].map(([, key, value = '']) => [key, unquoted(value)]));
  const profile = fields.get('profile');
  const action = fields.get('action');
  if (!at || Number.isNaN(Date.parse(at)) || !profile || !action) return undefined;
  const prior = fields.get('prior_state');
  return {
    at,
    profile,
    prior_state: prior && prior !== 'none' ? prior : null,
    action,
    reason: fields.get('reason') ?? null,
  };
}

/** Without what would not be shown as it is: anybody may have written the file. */
function unquoted(text: string): string {
  return jsonString(text).replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '');
}

function jsonString(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}
