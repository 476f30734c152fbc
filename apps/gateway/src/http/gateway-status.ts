import { type DrainVerdict, formatIsoDateTime, isDrainHeld, type LifecycleState } from '@hermes/drain-contract';
import type { FastifyInstance } from 'fastify';
import type { OnDrain } from '../turns/admission.ts';

/** What a person who writes to the gateway needs to know of it. */
export interface GatewayStatus {
  readonly state: LifecycleState;
  readonly active: number;
  readonly queued: number;
  /** Why the gateway cannot read or write what it needs, if so. */
  readonly storageProblem: string | undefined;
  readonly verdict: DrainVerdict;
  /** When the gateway has noticed the drain in force. A refresh of the drain does not change it. */
  readonly since: string | undefined;
  readonly onDrain: OnDrain;
}

/** `GET /v1/status`: whether messages are accepted, and which drain is in force or announced. */
export function gatewayStatusRoute(app: FastifyInstance, read: () => GatewayStatus): void {
  app.get('/v1/status', async (_request, reply) => {
    const status = read();
    return reply.header('cache-control', 'no-store').send({
      gateway_state: status.state,
      on_drain: status.onDrain,
      drain: viewDrain(status),
      active_agents: status.active,
      queued_turns: status.queued,
      storage_problem: status.storageProblem ?? null,
    });
  });
}

/** @returns null without a drain. */
function viewDrain({ verdict, since }: GatewayStatus): object | null {
  if (!isDrainHeld(verdict)) return null;
  const { principal, reason, requested_at, refuse_after } = verdict.request;
  return {
    in_force: verdict.active,
    principal,
    reason,
    since: since ?? requested_at,
    refuse_after: verdict.active ? null : refuse_after,
    expires_at: formatIsoDateTime(verdict.expiresAt),
  };
}
