import { vi } from 'vitest';

/** A bound against hanging, not a measurement: a busy machine must not fail a test. */
const PATIENCE_MS = 90_000;

/**
 * Waits until a check does not throw any more, and returns what it returned.
 * @param patienceMs after so long it throws what the check threw last.
 */
export function eventually<T>(check: () => T | Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  return vi.waitFor(check, { timeout: patienceMs, interval: 10 });
}
