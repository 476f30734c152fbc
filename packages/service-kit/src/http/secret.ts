import { createHash, timingSafeEqual } from 'node:crypto';

/** The token of an `Authorization: Bearer` header (RFC 6750), or `undefined`. */
export function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +([\x21-\x7e]+) *$/i.exec(header ?? '')?.[1];
}

/** Compares two secrets in a time that tells nothing about where, or in what length, they differ. */
export function secretsEqual(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
