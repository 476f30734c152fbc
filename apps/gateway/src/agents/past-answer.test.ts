import { expect, it } from 'vitest';
import { answerOf } from './past-answer.ts';

it('the answer of an earlier turn is its reply, or a note in brackets about its end', () => {
  expect(answerOf({ status: 'done', reply: 'Hello.', problem: null })).toBe('Hello.');
  expect(answerOf({ status: 'interrupted', reply: null, problem: 'Write again to resume.' })).toBe(
    '[The answer was interrupted before it was complete: Write again to resume.]',
  );
  expect(answerOf({ status: 'failed', reply: null, problem: null })).toBe('[The answer failed.]');
  expect(answerOf({ status: 'failed', reply: 'First, ', problem: 'No more.' })).toBe(
    'First, \n\n[The answer failed: No more.]',
  );
});
