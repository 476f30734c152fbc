const FLAGS = new Map<unknown, boolean | undefined>([
  [1, true],
  [0, false],
  ['true', true],
  ['yes', true],
  ['on', true],
  ['1', true],
  ['', false],
  [null, undefined],
]);

/**
 * The body of a begin or cancel with what the reference system's dashboard accepts as well, as long as it can mean one thing
 * only: an action in any case and with spaces around it, and other values for a flag. A text such as `no` is true there and
 * false to people; it stays, and is refused.
 */
export function acceptedBody(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const { action, suppress_notification: flag } = body as Readonly<Record<string, unknown>>;
  const key = typeof flag === 'string' ? flag.trim().toLowerCase() : flag;
  return {
    ...body,
    ...(typeof action === 'string' ? { action: action.trim().toLowerCase() } : {}),
    ...(FLAGS.has(key) ? { suppress_notification: FLAGS.get(key) } : {}),
  };
}
