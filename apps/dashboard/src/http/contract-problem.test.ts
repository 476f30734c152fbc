import { ContractError } from '@hermes/drain-contract';
import { expect, test } from 'vitest';
import { contractProblem } from './contract-problem.ts';

test.each([
  ['profile_unknown', 404],
  ['home_missing', 404],
  ['locked', 503],
  ['not_permitted', 503],
  ['not_writable', 503],
  ['not_a_file', 503],
  ['mount_point', 503],
  ['unavailable', 503],
  ['io', 503],
  ['no_space', 507],
] as const)('%s is answered by %d and says what to do, without the path in the message', (code, status) => {
  const problem = contractProblem(new ContractError(code, 'cannot write /srv/hermes home/x'), { holder: null });
  expect(problem).toMatchObject({ statusCode: status, extensions: { holder: null } });
  expect(problem.message).toMatch(/^[^/]{20,}$/);
});

test.each([
  ['invalid_argument', 400],
  ['request_mismatch', 412],
] as const)('%s is answered by %d with the message of the contract', (code, status) => {
  const problem = contractProblem(new ContractError(code, 'what to do'), { holder: null });
  expect(problem).toMatchObject({ statusCode: status, message: 'what to do', extensions: { holder: null } });
});
