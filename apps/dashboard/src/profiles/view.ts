import {
  type DrainVerdict,
  drainIdentity,
  formatIsoDateTime,
  isDrainHeld,
  publishedIdentity,
} from '@hermes/drain-contract';
import type { ProfileStatus } from '../status/read.ts';
import { dateTime, expiredAt, statusView } from '../status/view.ts';
import type { ProfileView, RestartView, ServiceView } from './schemas.ts';

/** The data about a profile that is not in its drain files. */
export interface ProfileContext {
  readonly desiredState: ProfileView['desired_state'];
  readonly service: ServiceView | null;
  readonly restart: RestartView | null;
  /** The drain in force at the previous read; `undefined` at the first one. */
  readonly drain?: string | null | undefined;
}

/** The view of a profile. For a gateway that is not live, it has only the fields that are still true. */
export function profileView(status: ProfileStatus, context: ProfileContext): ProfileView {
  const { profile: name, ...shared } = statusView(status);
  const { state, live } = status.gateway;
  return {
    name,
    ...shared,
    stalled: shared.active_work.some((turn) => turn.stalled),
    started_at: live ? dateTime(state?.started_at) : null,
    version: state?.version ?? null,
    endpoint: live ? (state?.endpoint ?? null) : null,
    queued_turns: live ? (state?.queued_turns ?? null) : null,
    refused_turns: live ? (state?.refused_turns ?? null) : null,
    desired_state: context.desiredState,
    draining: status.verdict.active,
    request: requestView(status.verdict, identityOf(status, context.drain)),
    slot: context.service,
    restart: context.restart,
  };
}

/** At the first read, the gateway knows better than its reader how long a drain without an id has been in force. */
function identityOf({ verdict, gateway }: ProfileStatus, before: string | null | undefined): string | null {
  const published = gateway.live && gateway.state?.drain ? publishedIdentity(gateway.state.drain) : null;
  return drainIdentity(before === undefined ? published : before, verdict);
}

const UNKNOWN_REQUEST = {
  request_id: null,
  principal: null,
  reason: null,
  requested_at: null,
  refuse_after: null,
  suppress_notification: false,
} as const;

function requestView(verdict: DrainVerdict, identity: string | null): ProfileView['request'] {
  const { active, reason } = verdict;
  const request = reason === 'unavailable' ? UNKNOWN_REQUEST : verdict.request;
  if (!request) return null;
  return {
    identity,
    request_id: request.request_id,
    principal: request.principal,
    reason: request.reason,
    requested_at: request.requested_at,
    expires_at: isDrainHeld(verdict) ? formatIsoDateTime(verdict.expiresAt) : null,
    expired_at: expiredAt(verdict),
    refuse_after: request.refuse_after,
    suppress_notification: request.suppress_notification,
    verdict: { active, reason },
  };
}
