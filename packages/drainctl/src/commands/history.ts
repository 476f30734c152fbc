import type { AuditEntry, AuditVerdict } from '@hermes/dashboard-client';
import { EXIT, type Outcome } from '../exit.ts';
import { localTime } from '../output/describe.ts';
import { shorten } from '../output/shorten.ts';
import { table } from '../output/table.ts';
import type { Context } from './context.ts';
import type { HistoryCommandOptions } from './options.ts';

/** `drainctl history`. */
export async function history(context: Context, { limit, all, verify }: HistoryCommandOptions): Promise<Outcome> {
  if (verify) return verifyHistory(context);
  const { api, signal } = context;
  const entries = await api.audit(signal, { limit, ...(all ? {} : { profile: api.profile }) });
  const text = entries.length === 0 ? ['no requests yet'] : table([HEAD, ...entries.map(row)]);
  return { result: 'history', exit: EXIT.done, text, data: { entries } };
}

const HEAD = ['TIME', 'WHO', 'WHAT', 'PROFILE', 'RESULT', 'REQUEST', 'WHY'];

function row({ at, principal, action, profile, result, request_id, reason, detail, count }: AuditEntry): string[] {
  const why = [reason, result === 'ok' ? null : detail].filter((text) => text !== null).join('; ');
  const cells = [
    principal,
    action,
    profile,
    count === undefined ? result : `${result} x${count}`,
    request_id ?? '',
    why,
  ].map((text) => shorten(text, 80));
  return [Number.isNaN(Date.parse(at)) ? '-' : localTime(Date.parse(at)).join(' '), ...cells];
}

async function verifyHistory({ api, signal }: Context): Promise<Outcome> {
  const verdict = await api.verifyAudit(signal);
  const { ok, broken_at, detail } = verdict;
  if (ok) return { result: 'whole', exit: EXIT.done, text: describeUnchanged(verdict), data: { ...verdict } };
  const where = broken_at === null ? '' : ` at entry ${broken_at}`;
  const text = `the audit log was changed or is damaged${where}: ${shorten(detail ?? 'no detail', 200)}`;
  return { result: 'broken', exit: EXIT.broken, text: [text], data: { ...verdict } };
}

/** A dashboard of an earlier release does not say where the record begins and ends. */
function describeUnchanged({ entries, first, last, last_hash, detail }: AuditVerdict): string[] {
  const unchanged = `unchanged: ${entries} entries`;
  if (!last_hash) return [unchanged];
  const beginning = detail === null ? [] : [detail];
  return [unchanged, ...beginning, `from ${first} to ${last}; hash of the last entry, to compare later: ${last_hash}`];
}
