import type { Place } from './place.ts';
import type { FileReference, ReadMessage } from './read-message.ts';

type SaidMessage = Extract<ReadMessage, { kind: 'said' }>;

/** A message, alone or in an album. */
export interface Part extends SaidMessage {
  readonly id: number;
}

/** What is said by one message, or by an album. */
export interface Said {
  readonly place: Place;
  readonly text: string;
  readonly files: readonly FileReference[];
}

/** The messages of an album are one. */
export function joined(messages: readonly SaidMessage[], place: Place): Said {
  const texts = messages.map(({ text }) => text).filter((text) => text !== '');
  return { place, text: texts.join('\n'), files: messages.flatMap(({ file }) => file ?? []) };
}

/** The parts behind those with this many files; none if these are all. */
export function withoutFiles(parts: readonly Part[], files: number): readonly Part[] {
  let left = files;
  const next = parts.findIndex(({ file }) => file !== undefined && left-- === 0);
  return next > 0 ? parts.slice(next) : [];
}
