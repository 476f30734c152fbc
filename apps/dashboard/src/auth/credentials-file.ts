import { statSync } from 'node:fs';
import { fileError, readTrustedFile, UntrustedFileError } from '@hermes/drain-contract';
import { StartupError, secretWeakness } from '@hermes/service-kit';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { type NamedSecret, SCOPES } from './credentials.ts';

const MAX_BYTES = 256 * 1024;

const NAME = /^[a-z0-9][a-z0-9_.@-]{0,63}$/;
const NAME_RULE = 'expected a-z, 0-9, "_", ".", "@" and "-", at most 64, beginning with a letter or digit';

const entrySchema = z.strictObject({
  name: z.string().regex(NAME, NAME_RULE),
  secret: z.string(),
  scopes: z.array(z.enum(SCOPES)).min(1),
});

/**
 * The credentials in the YAML or JSON file at `path`; none when it holds an empty list, or nothing.
 * @throws StartupError that says what is wrong with which entry, without a word of a secret.
 */
export function readCredentialsFile(path: string): NamedSecret[] {
  return parseCredentials(path, readTrusted(path));
}

/** Whether there is no file at `path`; one that cannot be looked at may well be there. */
export function isDeleted(path: string): boolean {
  return credentialsSignature(path) === 'ENOENT';
}

/** Changes whenever the file does. */
export function credentialsSignature(path: string): string {
  try {
    const { ino, size, mtimeMs, ctimeMs, mode } = statSync(path);
    return [ino, size, mtimeMs, ctimeMs, mode].join();
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

function readTrusted(path: string): string {
  const owners = [0, process.geteuid?.()];
  try {
    // The operator names the file, and a secret that is mounted may be a link.
    return readTrustedFile(path, { followLinks: true, owners, forbiddenMode: () => 0o077, maxBytes: MAX_BYTES }).text;
  } catch (error) {
    if (!(error instanceof UntrustedFileError)) {
      throw new StartupError(fileError('read', path, error).message, { cause: error });
    }
    throw untrusted(path, error.distrust === 'access' ? `${error.message}; \`chmod 600\` it` : error.message);
  }
}

function parseCredentials(path: string, text: string): NamedSecret[] {
  const parsed = z.array(entrySchema).safeParse(decoded(path, text) ?? []);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw untrusted(path, `${where(issue?.path ?? [])}: ${tell(issue)}`);
  }
  const names = new Set<string>();
  const secrets = new Set<string>();
  parsed.data.forEach(({ name, secret }, index) => {
    const weakness = secretWeakness(secret);
    if (weakness) throw untrusted(path, `the secret of ${name} is too weak: ${weakness}`);
    if (names.has(name)) throw untrusted(path, `entry ${index + 1}: the name ${name} is taken by another entry`);
    if (secrets.has(secret)) throw untrusted(path, `the secret of ${name} is that of another entry, too`);
    names.add(name);
    secrets.add(secret);
  });
  return parsed.data;
}

/** JSON is YAML. What the parser says may quote the file, so none of it is passed on. */
function decoded(path: string, text: string): unknown {
  try {
    const document = parseDocument(text, { prettyErrors: false });
    if (document.errors.length === 0) return document.toJS({ maxAliasCount: 0 });
  } catch {
    // An alias; reported below.
  }
  throw untrusted(path, 'it is neither YAML nor JSON, or it has aliases');
}

function where([index, ...path]: readonly PropertyKey[]): string {
  if (typeof index !== 'number') return 'expected a list of {name, secret, scopes}';
  return [`entry ${index + 1}`, ...path.map(String)].join('.');
}

/** A key that is not known may be a secret in the wrong place. */
function tell(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'unrecognized_keys') return 'it has a key that is not name, secret or scopes';
  return issue?.message ?? 'not understood';
}

function untrusted(path: string, reason: string): StartupError {
  return new StartupError(`cannot use the credentials in ${path}: ${reason}`);
}
