import { createHash } from 'node:crypto';
import { z } from 'zod';

export const AUDIT_ACTIONS = ['drain', 'cancel', 'restart'] as const;
export const AUDIT_RESULTS = ['ok', 'refused', 'failed'] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** The placeholder for an invalid profile name in a request. */
export const NO_PROFILE = '-';

const numberSchema = z.number().int().positive();

/** One request that wanted a change, and its result. */
export const auditEntrySchema = z.object({
  seq: z.number().int().positive().describe('Counts the entries from 1.'),
  at: z.string().describe('ISO 8601.'),
  principal: z.string().describe('The name of the credential.'),
  address: z.string().describe('Where the request came from.'),
  action: z.enum(AUDIT_ACTIONS),
  profile: z.string().describe('"-" if the request named an invalid profile.'),
  request_id: z.string().nullable().describe('Id of the drain that was begun or cancelled.'),
  reason: z.string().nullable(),
  result: z.enum(AUDIT_RESULTS),
  status: z.number().int().describe('The HTTP status of the answer.'),
  detail: z.string().nullable().describe('Why the request failed.'),
  count: numberSchema
    .optional()
    .describe(
      'Number of requests that the entry summarizes, if more than one; the other fields are those of the last.',
    ),
  oldest: numberSchema
    .optional()
    .describe('The number of the oldest entry that is kept: rotation has removed earlier ones.'),
  broken_at: numberSchema
    .optional()
    .describe('The number of an entry that was removed or changed; all entries after the detection repeat it.'),
  prev: z.string().describe('The hash of the previous entry; 64 zeros for the first.'),
  hash: z.string().describe('SHA-256 of this entry without `hash`, as canonical JSON.'),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** The part of an entry that the request determines. */
export type AuditRecord = Omit<AuditEntry, 'seq' | 'prev' | 'hash' | 'oldest' | 'broken_at'>;

/** The last entry of a chain, as far as the next one has to know it. */
export type ChainEnd = Pick<AuditEntry, 'seq' | 'hash' | 'oldest' | 'broken_at'>;

export const CHAIN_START: ChainEnd = { seq: 0, hash: '0'.repeat(64), oldest: 1 };

/** The entry for `record` that comes after `last`. */
export function nextEntry(record: AuditRecord, { seq, hash, oldest, broken_at }: ChainEnd): AuditEntry {
  const carried = { ...(oldest !== undefined && { oldest }), ...(broken_at !== undefined && { broken_at }) };
  const unhashed = { seq: seq + 1, ...record, ...carried, prev: hash };
  return { ...unhashed, hash: hashOf(unhashed) };
}

/** The hash that the entry must have. Counts every field of it, known or not. */
export function hashOf(entry: Readonly<Record<string, unknown>>): string {
  const { hash: _own, ...hashed } = entry;
  return createHash('sha256').update(canonicalJson(hashed), 'utf8').digest('hex');
}

/** JSON with the keys in order and no space (RFC 8785, for the values that JSON can hold). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
}
