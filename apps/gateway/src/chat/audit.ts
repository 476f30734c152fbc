import { AuditLog } from '@hermes/drain-audit';
import { formatIsoDateTime } from '@hermes/drain-contract';
import type { Logger } from '@hermes/service-kit';

const MAX_DETAIL = 500;

/** A command of a chat that wants to change the gateway, and its result. */
export interface ChatAuditEntry {
  /** `chat:` and the session. */
  readonly principal: string;
  readonly action: 'drain' | 'cancel' | 'restart';
  readonly requestId: string | null;
  readonly reason: string | null;
  readonly result: 'ok' | 'refused' | 'failed';
  /** The HTTP status that the dashboard would answer. */
  readonly status: number;
  readonly detail: string | null;
}

/** Writes an entry of the audit. Never rejects. */
export type ChatAudit = (entry: ChatAuditEntry) => Promise<void>;

/** The audit of the root home, to which the dashboard appends, too. Nothing is read before the first command. */
export class GatewayAudit {
  readonly #profile: string;
  readonly #log: AuditLog;

  constructor(rootHome: string, profile: string, log: Logger) {
    this.#profile = profile;
    this.#log = new AuditLog(rootHome, log);
  }

  readonly record: ChatAudit = ({ principal, action, requestId, reason, result, status, detail }) =>
    this.#log.record({
      at: formatIsoDateTime(Date.now()),
      principal,
      address: 'chat',
      action,
      profile: this.#profile,
      request_id: requestId,
      reason,
      result,
      status,
      detail: detail?.slice(0, MAX_DETAIL) ?? null,
    });

  /** Resolves when all entries are written, or take long. */
  async close(): Promise<void> {
    await this.#log.close();
  }
}
