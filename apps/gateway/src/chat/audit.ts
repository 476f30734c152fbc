/** A command of a chat that wants to change the gateway, and its result. */
export interface ChatAuditEntry {
  readonly session: string;
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
