import { createParser } from 'eventsource-parser';

const SEPARATORS = ['\n\n', '\r\n\r\n', '\r\r'] as const;
const LONGEST_SEPARATOR = 4;

/** The data of each event in `text`, which ends with a whole event. */
export function dataOf(text: string): string[] {
  const data: string[] = [];
  const parser = createParser({ onEvent: (event) => void data.push(event.data) });
  parser.feed(text);
  return data;
}

/**
 * The text of a stream of server-sent events, cut only between events. A last event without its empty line is completed.
 * @param maxLength of one event. @throws RangeError when an event is longer.
 */
export async function* wholeEvents(bytes: AsyncIterable<Uint8Array>, maxLength: number): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let held = '';
  for await (const piece of bytes) {
    const searched = held.length;
    held += decoder.decode(piece, { stream: true });
    const end = endOfEvents(held, Math.max(0, searched - LONGEST_SEPARATOR));
    if (end > 0) {
      yield held.slice(0, end);
      held = held.slice(end);
    }
    if (held.length > maxLength) throw new RangeError(`expected events of at most ${maxLength} characters`);
  }
  held += decoder.decode();
  if (held.trim() !== '') yield `${held.replace(/[\r\n]*$/, '')}\n\n`;
}

/** The end of the last whole event that ends after `from`; 0 if there is none. */
function endOfEvents(text: string, from: number): number {
  const tail = from === 0 ? text : text.slice(from);
  const ends = SEPARATORS.map((separator) => {
    const index = tail.lastIndexOf(separator);
    return index < 0 ? 0 : from + index + separator.length;
  });
  return Math.max(...ends);
}
