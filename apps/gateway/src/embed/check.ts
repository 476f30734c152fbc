import { z } from 'zod';
import type { GateOptions, TurnRequest } from './types.ts';

const seconds = z.number().min(0).max(86_400).optional();
const method = z.custom((value) => typeof value === 'function', 'expected a function').optional();

const optionsSchema = z.strictObject({
  home: z.string().min(1).optional(),
  version: z.string().max(200).optional(),
  graceSeconds: seconds,
  turnTimeoutSeconds: seconds,
  stallAfterSeconds: seconds,
  handleSignals: z.boolean().optional(),
  onClose: method,
  hooks: z.strictObject({ draining: method, back: method, stopping: method }).optional(),
  log: z.object({ debug: method, info: method, warn: method, error: method }).optional(),
});

const turnSchema = z.strictObject({
  session: z.string('expected a text of 1 to 1024 characters').min(1).max(1_024),
  kind: z.enum(['external', 'internal']).optional(),
  id: z.string().min(1).max(200).optional(),
});

const endpointSchema = z.url({ protocol: /^https?$/, error: 'expected a URL of http or https' }).nullable();

/** @throws TypeError that names each mistake. */
export function checkOptions(options: GateOptions): void {
  check('the options of openGate', optionsSchema, options);
}

/** @throws TypeError that names each mistake. */
export function checkTurn(turn: TurnRequest): void {
  check('the turn to admit', turnSchema, turn);
}

/** @throws TypeError */
export function checkEndpoint(endpoint: string | null): void {
  check('endpoint', endpointSchema, endpoint);
}

function check(what: string, schema: z.ZodType, value: unknown): void {
  const { error } = schema.safeParse(value);
  if (error === undefined) return;
  const mistakes = error.issues.map(({ path, message }) => [...path.map(String), message].join(': '));
  throw new TypeError(`${what}: ${mistakes.join('; ')}`);
}
