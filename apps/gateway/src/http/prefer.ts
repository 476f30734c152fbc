/** Default seconds that a request waits for its reply: proxies such as nginx time out after 60 s of silence. */
export const DEFAULT_WAIT_SECONDS = 50;
const MAX_WAIT_SECONDS = 3_600;

/** How a client wants its answer (RFC 7240). */
export interface Preferences {
  readonly respondAsync: boolean;
  /** Seconds. */
  readonly wait: number;
}

/** The preferences of a `Prefer` header. Unknown preferences are ignored, as the RFC requires. */
export function parsePrefer(header: string | string[] | undefined): Preferences {
  if (header === undefined) return { respondAsync: false, wait: DEFAULT_WAIT_SECONDS };
  const tokens = [header]
    .flat()
    .join(',')
    .toLowerCase()
    .split(',')
    .map((token) => token.trim());
  const wait = tokens
    .map((token) => /^wait\s*=\s*"?(\d{1,9})"?$/.exec(token)?.[1])
    .find((seconds) => seconds !== undefined);
  return {
    respondAsync: tokens.includes('respond-async'),
    wait: Math.min(wait === undefined ? DEFAULT_WAIT_SECONDS : Number(wait), MAX_WAIT_SECONDS),
  };
}
