import { Refused, Unprovable, Unreachable } from '@hermes/dashboard-client';
import { expect, test } from 'vitest';
import { DrainctlError } from './exit.ts';
import { failureOf } from './failure.ts';

const PROBLEM = { status: 409, code: 'not-safe-to-stop', title: 'Not safe to stop' };

test.each([
  [new Unreachable('http://h', 'ECONNREFUSED'), { result: 'unreachable', exit: 7, data: {} }],
  [new Refused(409, PROBLEM), { result: 'refused', exit: 8, data: { problem: PROBLEM } }],
  [new Unprovable('cannot see who listens'), { result: 'no-credential', exit: 78, data: {} }],
])('%s ends a command in its own way, with the same message', (error, failure) => {
  expect(failureOf(error)).toMatchObject({ ...failure, message: error.message });
});

test('an error of drainctl is one as it is, and any other is a fault', () => {
  const error = new DrainctlError('conflict', 5, 'another drain request is in force');
  expect(failureOf(error)).toBe(error);
  expect(failureOf(new TypeError('x is not a function'))).toBeUndefined();
});
