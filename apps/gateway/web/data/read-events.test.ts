import { expect, test } from 'vitest';
import { readEvents } from './read-events.ts';

function streamOf(...pieces: string[]) {
  const bytes = new TextEncoder();
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(bytes.encode(piece));
    },
    cancel() {
      cancelled = true;
    },
  });
  return { stream, wasCancelled: () => cancelled };
}

test('events come whole, however the stream is cut', async () => {
  const { stream } = streamOf('id: 1\neve', 'nt: turn\nda', 'ta: {"a":1}\n\n: comment\n\ndata: x\n\n');
  const events = readEvents(stream);
  expect((await events.next()).value).toMatchObject({ id: '1', event: 'turn', data: '{"a":1}' });
  expect((await events.next()).value).toMatchObject({ data: 'x' });
});

test('a stream that is silent for too long is given up and closed', async () => {
  const { stream, wasCancelled } = streamOf(': comment\n\n');
  await expect(readEvents(stream, 20).next()).rejects.toThrow('silent');
  expect(wasCancelled()).toBe(true);
});
