import { StartupError } from '@hermes/service-kit';
import { z } from 'zod';
import { isBackupPath } from './names.ts';

/** The format of the archive. A program refuses a higher one. */
export const BACKUP_FORMAT = 1;

/** Maximum bytes of a manifest: far more than a thousand profiles need. */
export const MAX_MANIFEST_BYTES = 4_194_304;

const fileSchema = z.object({
  /** Relative to the home that is restored. */
  path: z.string().refine(isBackupPath, 'is not a file of a backup'),
  size: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type BackupFile = z.infer<typeof fileSchema>;

const manifestSchema = z.object({
  format: z.literal(BACKUP_FORMAT),
  /** ISO 8601. */
  created_at: z.string(),
  /** The release that made it. */
  version: z.string(),
  /** The schema of its newest journal; `null` without one. */
  journal_schema: z.number().int().nonnegative().nullable(),
  with_secrets: z.boolean(),
  /** What is not in it, in words. */
  left_out: z.array(z.string()),
  files: z.array(fileSchema).refine((files) => new Set(files.map(({ path }) => path)).size === files.length, {
    message: 'lists a file twice',
  }),
});
export type Manifest = z.infer<typeof manifestSchema>;

const headSchema = z.object({ format: z.number(), version: z.string(), journal_schema: z.number().nullable() });

/**
 * The manifest of a backup that this release can restore. @param knownSchema the newest schema of a journal that it
 * knows. @throws StartupError
 */
export function parseManifest(text: string, file: string, knownSchema: number): Manifest {
  const value = parseJson(text);
  const head = headSchema.safeParse(value);
  if (!head.success) throw invalid(file, head.error.issues[0]);
  const { format, version, journal_schema: schema } = head.data;
  if (format > BACKUP_FORMAT) throw tooNew(file, version, `format ${format}, and this release reads ${BACKUP_FORMAT}`);
  if (schema !== null && schema > knownSchema)
    throw tooNew(file, version, `a journal of schema ${schema}, and this release knows ${knownSchema}`);
  const manifest = manifestSchema.safeParse(value);
  if (!manifest.success) throw invalid(file, manifest.error.issues[0]);
  return manifest.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function tooNew(file: string, version: string, found: string): StartupError {
  return new StartupError(`cannot restore ${file}: it has ${found}; it was made by version ${version}: install that`);
}

function invalid(file: string, issue: z.core.$ZodIssue | undefined): StartupError {
  const where = issue === undefined || issue.path.length === 0 ? '' : ` (${issue.path.join('.')}: ${issue.message})`;
  return new StartupError(
    `cannot restore ${file}: its manifest is not that of a backup${where}; use a file that hermes-gateway backup made`,
  );
}
