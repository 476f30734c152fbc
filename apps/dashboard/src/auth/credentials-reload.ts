import { type Logger, StartupError } from '@hermes/service-kit';
import { Credentials, type NamedSecret } from './credentials.ts';
import { credentialsSignature, readCredentialsFile } from './credentials-file.ts';

/** A file event would miss what a mount swaps under a link. */
const LOOK_MS = 1_000;

export interface CredentialsOptions {
  /** The file with the named secrets, if there is one. */
  readonly path: string | undefined;
  /** What holds whatever the file says. */
  readonly always: readonly NamedSecret[];
  readonly logger: Logger;
}

/**
 * The credentials of this dashboard. What the file says is taken over when it changes; a file that cannot be used any
 * more is told once, and changes nothing. @throws StartupError when it cannot be used from the beginning.
 */
export function loadCredentials({ path, always, logger }: CredentialsOptions): Credentials {
  if (path === undefined) return new Credentials(always);
  let seen = credentialsSignature(path);
  const credentials = new Credentials(together(always, path));
  const look = () => {
    const signature = credentialsSignature(path);
    if (signature === seen) return;
    seen = signature;
    try {
      const secrets = together(always, path);
      credentials.replace(secrets);
      logger.info({ path, principals: secrets.map(({ name }) => name) }, 'credentials reloaded');
    } catch (error) {
      const { message: reason } = error as Error;
      logger.error({ path, reason }, 'the changed credentials cannot be used; the old ones stay in force');
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
