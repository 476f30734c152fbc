import { createParser, type EventSourceMessage } from 'eventsource-parser';

export interface EventListener {
  onEvent(event: EventSourceMessage): void;
  /** Something arrived, even a comment. */
  onSign(): void;
  /** The retry delay that the server asks for, in ms. */
  onRetry(ms: number): void;
}

/** Reads events until the stream ends; rejects when it breaks or is silent for `silenceMs`. */
export async function readEvents(
  stream: ReadableStream<Uint8Array>,
  listener: EventListener,
  silenceMs: number,
): Promise<void> {
  const parser = createParser({ onEvent: (event) => listener.onEvent(event), onRetry: (ms) => listener.onRetry(ms) });
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await withSilenceLimit(reader.read(), silenceMs);
      if (done) return;
      listener.onSign();
      parser.feed(decoder.decode(value, { stream: true }));
    }
  } finally {
    // A stream that is broken already has nothing to cancel.
    reader.cancel().catch(() => undefined);
  }
}

async function withSilenceLimit<T>(next: Promise<T>, silenceMs: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('The stream of events went silent.')), silenceMs);
  try {
    return await Promise.race([next, promise]);
  } finally {
    clearTimeout(timer);
  }
}
