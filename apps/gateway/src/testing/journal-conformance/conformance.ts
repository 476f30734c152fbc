import { describe } from 'vitest';
import { answerConformance } from './answers.ts';
import { deliveryConformance } from './deliveries.ts';
import { eventConformance } from './events.ts';
import { historyConformance } from './history.ts';
import { noticeConformance } from './notices.ts';
import type { MakePlace } from './place.ts';
import { pruneConformance } from './prune.ts';
import { turnEndConformance } from './turn-ends.ts';
import { turnConformance } from './turns.ts';
import { wholeConformance } from './whole.ts';

/** What every journal must do, whatever it is made of. @param name follows "a journal". */
export function journalConformance(name: string, makePlace: MakePlace): void {
  describe(`a journal ${name}`, () => {
    describe('turns', () => turnConformance(makePlace));
    describe('the end of a turn', () => turnEndConformance(makePlace));
    describe('the history of a conversation', () => historyConformance(makePlace));
    describe('an answer of the gateway itself', () => answerConformance(makePlace));
    describe('notices of a drain', () => noticeConformance(makePlace));
    describe('events', () => eventConformance(makePlace));
    describe('deliveries', () => deliveryConformance(makePlace));
    describe('prune', () => pruneConformance(makePlace));
    describe('the whole', () => wholeConformance(makePlace));
  });
}
