import type { ReadMessage } from './read-message.ts';

/** What is said by a message, alone or in an album. */
export interface Part extends Extract<ReadMessage, { kind: 'said' }> {
  /** Of the message; unique in its chat. */
  readonly id: number;
}

/** The parts of messages, in the same order, that say something. */
export function saidParts(messages: readonly { readonly message_id: number }[], read: readonly ReadMessage[]): Part[] {
  return messages.flatMap(({ message_id: id }, index) => {
    const each = read[index];
    return each?.kind === 'said' ? [{ ...each, id }] : [];
  });
}
