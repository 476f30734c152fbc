import type { AuditRecord } from '@hermes/drain-audit';

/** What a begun drain contributes to the audit. */
export const RECORD: AuditRecord = {
  at: '2026-01-02T03:04:05.000000+00:00',
  principal: 'ci',
  address: '127.0.0.1',
  action: 'drain',
  profile: 'default',
  request_id: null,
  reason: 'update',
  result: 'ok',
  status: 200,
  detail: null,
};
