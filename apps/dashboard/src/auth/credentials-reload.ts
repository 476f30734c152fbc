import { type Logger, StartupError } from '@hermes/service-kit';
import { Credentials, type NamedSecret } from './credentials.ts';
import { credentialsSignature, isDeleted, readCredentialsFile } from './credentials-file.ts';

/** A file event would miss what a mount swaps under a link. */
const LOOK_MS = 1_000;

export interface CredentialsOptions {
  /** The file with the named secrets, if there is one. */
  readonly path: string | undefined;
  /** The credentials that do not depend on the file. */
  readonly always: readonly NamedSecret[];
  readonly logger: Logger;
}

/**
 * The credentials of this dashboard. What the file says is taken over when it changes; an empty or deleted one revokes
 * all that came from it. One that cannot be used changes nothing, is logged once and read again until it can.
 * @throws StartupError when it cannot be used from the beginning.
 */
export function loadCredentials({ path, always, logger }: CredentialsOptions): Credentials {
  if (path === undefined) return new Credentials(always);
  let seen: string | undefined = credentialsSignature(path);
  const credentials = new Credentials(together(always, path));
  const look = () => {
    const signature = credentialsSignature(path);
    if (signature === seen) return;
    try {
      const secrets = isDeleted(path) ? always : together(always, path);
      credentials.replace(secrets);
      credentials.problem = undefined;
      seen = signature;
      logger.info({ path, principals: secrets.map(({ name }) => name) }, 'credentials reloaded');
    } catch (error) {
      const { message: reason } = error as Error;
      seen = undefined;
      if (reason === credentials.problem) return;
      credentials.problem = reason;
      logger.error({ path, reason }, 'cannot use the changed credentials; the old ones stay in force');
    }
  };
  setInterval(look, LOOK_MS).unref();
  return credentials;
}

function together(always: readonly NamedSecret[], path: string): NamedSecret[] {
  const named = readCredentialsFile(path);
  for (const { name, secret } of named) {
    const own = always.find((candidate) => candidate.name === name || candidate.secret === secret);
    if (!own) continue;
    const what = own.name === name ? 'name' : 'secret';
    throw new StartupError(
      `cannot use the credentials in ${path}: ${name} has the ${what} of the dashboard's own secret`,
    );
  }
  return [...always, ...named];
}
