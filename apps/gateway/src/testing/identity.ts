import type { GatewayIdentity } from '../state/snapshot.ts';

/** A gateway that does not run. */
export const IDENTITY: GatewayIdentity = {
  pid: 42,
  epoch: 'boot:1',
  version: '1.2.3',
  startedAt: 1_000,
  restartDrainTimeout: 30,
  stopTimeout: 51,
  turnTimeout: 600,
  stallAfter: 300,
};
