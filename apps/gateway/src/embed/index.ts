/**
 * Makes any Node server drainable: a gate for its turns, and the published state that the dashboard and drainctl follow.
 */
import { EmbeddedGate } from './embedded-gate.ts';
import type { Gate, GateOptions } from './types.ts';

export type { Log, LogLine } from '../drain/log.ts';
export { type AnsweredRequest, type ClosingResponse, releaseAfterBody, releaseOnClose } from './release.ts';
export type * from './types.ts';

/**
 * Opens the gate of this server. One process can open a home at a time.
 * @throws Error that says what to do if the home cannot be used, or another gateway serves it.
 */
export async function openGate(options: GateOptions = {}): Promise<Gate> {
  const gate = new EmbeddedGate(options);
  await gate.open();
  return gate;
}
