import { useQuery } from '@tanstack/react-query';
import type { GatewayStatus } from '../model/wire.ts';
import { type Api, ApiError } from './api.ts';

/** How often the gateway is asked while the page is visible, in ms. */
const INTERVAL_MS = 3_000;

export const STATUS_KEY = 'status';

export interface StatusView {
  /** `undefined` while the gateway cannot be reached. */
  readonly status: GatewayStatus | undefined;
  readonly failure: ApiError | null;
  /** Whether the gateway has not answered yet. */
  readonly isFirst: boolean;
}

/** What the gateway says of itself, now. */
export function useGatewayStatus(api: Api, key: string | null): StatusView {
  const { data, error } = useQuery({
    queryKey: [STATUS_KEY, key],
    queryFn: () => api.status(),
    refetchInterval: ({ state }) => (isUnauthorized(state.error) ? false : INTERVAL_MS),
    refetchOnWindowFocus: 'always',
    // Asked even if the browser thinks that it is offline: the gateway may be on this machine.
    networkMode: 'always',
    retry: false,
  });
  const failure = error instanceof ApiError ? error : null;
  return { status: failure ? undefined : data, failure, isFirst: data === undefined };
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof ApiError && error.failure.kind === 'unauthorized';
}
