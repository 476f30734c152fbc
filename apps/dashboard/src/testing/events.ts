import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { onTestFinished } from 'vitest';
import { AUTHORIZED } from './dashboard.ts';

export interface SeenEvent {
  readonly id: string | undefined;
  readonly event: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects of it is what it says there.
  readonly data: any;
}

export interface EventClient {
  readonly response: Response;
  /** The next event; rejects when the stream ends before it. */
  next(): Promise<SeenEvent>;
  /** Resolves when the stream has ended, whatever comes before. */
  ended(): Promise<void>;
  close(): void;
}

/** Follows the events of a dashboard that listens at `url`. Let go when the test is over. */
export async function followEvents(url: string, headers: Record<string, string> = {}): Promise<EventClient> {
  const gone = new AbortController();
  onTestFinished(() => gone.abort());
  const response = await fetch(`${url}/api/events`, { headers: { ...AUTHORIZED, ...headers }, signal: gone.signal });
  const events = eventsOf(response);
  return {
    response,
    next: async () => {
      const { done, value } = await events.next();
      if (done) throw new Error('the stream has ended');
      return value;
    },
    ended: async () => {
      while (!(await events.next()).done);
    },
    close: () => gone.abort(),
  };
}

async function* eventsOf(response: Response): AsyncGenerator<SeenEvent> {
  const arrived: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => arrived.push(message) });
  const text = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    parser.feed(text.decode(bytes as Uint8Array, { stream: true }));
    for (const { id, event, data } of arrived.splice(0)) yield { id, event, data: JSON.parse(data) };
  }
}
