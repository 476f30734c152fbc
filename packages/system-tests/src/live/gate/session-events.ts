/** What a session was told. */
export interface SessionEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Against hanging, with thousands of events to come. */
const TIMEOUT_MS = 60_000;

/** Reads what a session was told from the beginning, until it is enough. @throws Error when that does not come. */
export async function sessionEvents(
  gateway: string,
  session: string,
  enough: (events: readonly SessionEvent[]) => boolean,
): Promise<readonly SessionEvent[]> {
  const events: SessionEvent[] = [];
  if (enough(events)) return events;
  const answer = await fetch(`${gateway}/v1/sessions/${encodeURIComponent(session)}/events`, {
    headers: { accept: 'text/event-stream', 'last-event-id': '0' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const reader = (answer.body ?? new ReadableStream<Uint8Array>()).pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = ''; ; ) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`${session}: its events ended after ${events.length}`);
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop() ?? '';
    events.push(...blocks.map(parse).filter((event) => event !== undefined));
    if (!enough(events)) continue;
    await reader.cancel();
    return events;
  }
}

function parse(block: string): SessionEvent | undefined {
  const data = /^data: (.*)$/m.exec(block)?.[1];
  const type = /^event: (.*)$/m.exec(block)?.[1];
  return data === undefined || type === undefined ? undefined : { type, data: JSON.parse(data) };
}
