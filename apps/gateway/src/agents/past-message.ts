import type { PastTurn } from '../journal/turn-store.ts';
import { type ContentPart, partsOf } from '../openai-wire/parts.ts';

/** The message of an earlier turn, as a model sees it: its text, or its parts. */
export function messageOf({ form, text }: Pick<PastTurn, 'form' | 'text'>): string | readonly ContentPart[] {
  return partsOf(form, text) ?? text;
}
