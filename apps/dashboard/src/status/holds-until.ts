import { HEARTBEAT_TIMEOUT_MS, parseIsoDateTime } from '@hermes/drain-contract';
import type { ProfileStatus } from './read.ts';

/** Unix ms up to which a status stays what it is if no file changes: a heartbeat grows too old, a drain expires. Pure. */
export function holdsUntil({ gateway, verdict }: Pick<ProfileStatus, 'gateway' | 'verdict'>): number {
  const heartbeat = gateway.live ? parseIsoDateTime(gateway.state?.updated_at) : undefined;
  const stale = heartbeat === undefined ? Number.POSITIVE_INFINITY : heartbeat + HEARTBEAT_TIMEOUT_MS;
  const expired = verdict.active ? verdict.expiresAt + 1 : Number.POSITIVE_INFINITY;
  return Math.min(stale, expired) - 1;
}
