/** The properties of a unit that decide its status. */
export const PROPERTIES = [
  'Id',
  'LoadState',
  'ActiveState',
  'SubState',
  'MainPID',
  'ExecMainCode',
  'ExecMainStatus',
  'ExecMainStartTimestampMonotonic',
  'ExecMainExitTimestampMonotonic',
  'UnitFileState',
  'User',
  'Environment',
  'NotifyAccess',
  'TimeoutStopUSec',
  'WatchdogUSec',
  'LimitNOFILE',
  'TasksMax',
] as const;

/** A property of {@link PROPERTIES}. */
export type Property = (typeof PROPERTIES)[number];

/** The properties of a unit, as `systemctl show` prints them; an unknown one is missing. */
export type UnitProperties = Readonly<Partial<Record<Property, string>>>;

/** Reads the output of `systemctl show` for several units. */
export function parseUnits(output: string): UnitProperties[] {
  return output
    .split(/\n\n+/)
    .filter((block) => block.trim() !== '')
    .map((block) => Object.fromEntries(block.trim().split('\n').map(splitLine)));
}

function splitLine(line: string): [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}

/** The value of a variable that the unit sets. systemctl quotes what a shell would not read as one word. */
export function variableOf({ Environment: text = '' }: UnitProperties, name: string): string | undefined {
  for (const [word] of text.matchAll(/(?:"(?:\\.|[^"\\])*"|[^\s"])+/g)) {
    const plain = word.replaceAll(/"((?:\\.|[^"\\])*)"/g, (_quoted, inner: string) => inner.replaceAll(/\\(.)/g, '$1'));
    if (plain.startsWith(`${name}=`)) return plain.slice(name.length + 1);
  }
  return undefined;
}

/** A time span of systemd (`1min 30s`) in seconds; `undefined` for none, and `Infinity` for `infinity`. */
export function parseSpan(text: string | undefined): number | undefined {
  if (text === 'infinity') return Number.POSITIVE_INFINITY;
  const parts = [...(text ?? '').matchAll(/(\d+(?:\.\d+)?)(us|ms|s|min|h|d|w)\b/g)];
  if (parts.length === 0) return undefined;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (SECONDS[unit ?? ''] ?? 0), 0);
}

const SECONDS: Readonly<Record<string, number>> = {
  us: 1e-6,
  ms: 1e-3,
  s: 1,
  min: 60,
  h: 3_600,
  d: 86_400,
  w: 604_800,
};
