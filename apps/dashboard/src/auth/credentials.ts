import { createHash, timingSafeEqual } from 'node:crypto';

export const SCOPES = ['read', 'drain', 'restart'] as const;

/** The scopes of a credential; every authenticated client may read. */
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
  /** Aborts when the credential is revoked or changed. */
  readonly revoked: AbortSignal;
}

interface Entry {
  readonly credential: Credential;
  readonly digest: Buffer;
  readonly revoke: () => void;
}

/** All valid credentials. */
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

  /** Replaces the credentials. An unchanged one stays valid without interruption. */
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
