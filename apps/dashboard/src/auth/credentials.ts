import { createHash, timingSafeEqual } from 'node:crypto';

export const SCOPES = ['read', 'drain', 'restart'] as const;

/** What a credential allows; everybody who is known may read. */
export type Scope = (typeof SCOPES)[number];

/** A named secret, as its owner wrote it down. */
export interface NamedSecret {
  readonly name: string;
  readonly secret: string;
  readonly scopes: readonly Scope[];
}

/** An authenticated client. */
export interface Credential {
  /** The principal in markers and in the audit. */
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
  /** Aborts when the credential no longer holds, or not as it was. */
  readonly revoked: AbortSignal;
}

interface Entry {
  readonly credential: Credential;
  readonly digest: Buffer;
  readonly revoke: () => void;
}

/** Everybody who may ask for anything. */
export class Credentials {
  #entries: readonly Entry[] = [];
  /** Why the file that they come from cannot be used as it is now; `undefined` while it can. */
  problem: string | undefined;

  constructor(secrets: readonly NamedSecret[] = []) {
    this.replace(secrets);
  }

  /** Whose secret `token` is. Takes a time that tells nothing about where it differs, or from which secret. */
  find(token: string): Credential | undefined {
    const digest = sha256(token);
    let found: Credential | undefined;
    for (const entry of this.#entries) if (timingSafeEqual(entry.digest, digest)) found = entry.credential;
    return found;
  }

  /** From now on these hold and no others. One that has not changed stays as it is. */
  replace(secrets: readonly NamedSecret[]): void {
    const before = this.#entries;
    this.#entries = secrets.map((secret) => before.find((entry) => isOf(entry, secret)) ?? entryOf(secret));
    for (const entry of before) if (!this.#entries.includes(entry)) entry.revoke();
  }
}

/** Whether `credential` allows what needs `scope`. */
export function allows(credential: Credential, scope: Scope): boolean {
  return scope === 'read' || credential.scopes.has(scope);
}

function entryOf({ name, secret, scopes }: NamedSecret): Entry {
  const controller = new AbortController();
  const credential = { name, scopes: new Set(scopes), revoked: controller.signal };
  return { credential, digest: sha256(secret), revoke: () => controller.abort() };
}

function isOf({ credential, digest }: Entry, { name, secret, scopes }: NamedSecret): boolean {
  const sameScopes = credential.scopes.symmetricDifference(new Set(scopes)).size === 0;
  return credential.name === name && sameScopes && timingSafeEqual(digest, sha256(secret));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
