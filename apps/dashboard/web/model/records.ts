import type { Sample } from './chart.ts';
import { Fields } from './fields.ts';

/** One request of the audit. */
export interface AuditRecord {
  readonly key: string;
  readonly at: number | null;
  readonly principal: string;
  readonly action: string;
  readonly reason: string | null;
  readonly result: string;
  readonly detail: string | null;
  /** How many requests it stands for. */
  readonly count: number;
}

/** What one boot did about a profile. */
export interface BootRecord {
  readonly key: string;
  readonly at: number | null;
  readonly priorState: string | null;
  readonly action: string;
  readonly reason: string | null;
}

export function decodeAudit(value: unknown): readonly AuditRecord[] {
  return entriesOf(value).map((entry) => ({
    key: String(entry.number('seq')),
    at: entry.time('at'),
    principal: entry.text('principal') ?? 'somebody',
    action: entry.text('action') ?? 'request',
    reason: entry.text('reason'),
    result: entry.text('result') ?? 'unknown',
    detail: entry.text('detail'),
    count: entry.number('count') ?? 1,
  }));
}

export function decodeBoots(value: unknown): readonly BootRecord[] {
  return entriesOf(value).map((entry, index) => ({
    key: `${entry.text('at')} ${index}`,
    at: entry.time('at'),
    priorState: entry.text('prior_state'),
    action: entry.text('action') ?? 'unknown',
    reason: entry.text('reason'),
  }));
}

/** The samples of `{samples: [[ms, turns], …]}`. */
export function decodeSamples(value: unknown): readonly Sample[] {
  return new Fields(value).list('samples').flatMap((item): Sample[] => {
    if (!Array.isArray(item) || typeof item[0] !== 'number') return [];
    return [[item[0], typeof item[1] === 'number' ? item[1] : null]];
  });
}

function entriesOf(value: unknown): readonly Fields[] {
  return new Fields(value).list('entries').map((entry) => new Fields(entry));
}
