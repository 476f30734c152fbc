import { type DrainVerdict, formatIsoDateTime } from '@hermes/drain-contract';
import type { ProfileStatus } from '../status/read.ts';
import { dateTime, expiredAt, statusView } from '../status/view.ts';
import type { ProfileView, RestartView, SlotView } from './schemas.ts';

/** What is known of a profile beside its files of a drain. */
export interface Surroundings {
  readonly desiredState: ProfileView['desired_state'];
  readonly slot: SlotView | null;
  readonly restart: RestartView | null;
}

/** All that can be told of a profile. Of a gateway that is not live, only what is still true. */
export function profileView(status: ProfileStatus, around: Surroundings): ProfileView {
  const { profile: name, ...shared } = statusView(status);
  const { state, live } = status.gateway;
  return {
    name,
    ...shared,
    stalled: shared.active_work.some((turn) => turn.stalled),
    started_at: live ? dateTime(state?.started_at) : null,
    version: state?.version ?? null,
    endpoint: live ? (state?.endpoint ?? null) : null,
    held_turns: live ? (state?.held_turns ?? null) : null,
    refused_turns: live ? (state?.refused_turns ?? null) : null,
    desired_state: around.desiredState,
    draining: status.verdict.active,
    request: requestView(status.verdict),
    slot: around.slot,
    restart: around.restart,
  };
}

const UNKNOWN_REQUEST = {
  request_id: null,
  principal: null,
  reason: null,
  requested_at: null,
  suppress_notification: false,
} as const;

function requestView(verdict: DrainVerdict): ProfileView['request'] {
  const { active, reason } = verdict;
  const request = reason === 'unavailable' ? UNKNOWN_REQUEST : verdict.request;
  if (!request) return null;
  return {
    request_id: request.request_id,
    principal: request.principal,
    reason: request.reason,
    requested_at: request.requested_at,
    expires_at: verdict.active ? formatIsoDateTime(verdict.expiresAt) : null,
    expired_at: expiredAt(verdict),
    suppress_notification: request.suppress_notification,
    verdict: { active, reason },
  };
}
