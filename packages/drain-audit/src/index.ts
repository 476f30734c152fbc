export { type ChainFault, faultOf, firstEntry, lastEntry, linesFromEnd, parseEntry } from './chain.ts';
export {
  AUDIT_ACTIONS,
  AUDIT_RESULTS,
  type AuditAction,
  type AuditEntry,
  type AuditRecord,
  auditEntrySchema,
  CHAIN_START,
  type ChainEnd,
  canonicalJson,
  hashOf,
  NO_PROFILE,
  nextEntry,
} from './entry.ts';
export {
  auditLockPath,
  auditPath,
  auditPaths,
  ensureAuditDirectory,
  ROTATE_BYTES,
  readAuditFile,
  readAuditFiles,
  rotate,
} from './files.ts';
export { AuditLog } from './log.ts';
export { oldestOf } from './since.ts';
export { inSlices } from './slices.ts';
