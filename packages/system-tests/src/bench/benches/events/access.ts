import type { RunningDashboard } from '@hermes/local-stack';

/** What one needs to ask a dashboard. */
export interface Access {
  /** Base URL. */
  readonly url: string;
  readonly headers: { readonly authorization: string };
}

export function accessTo({ url, link }: RunningDashboard): Access {
  const token = new URLSearchParams(new URL(link).hash.slice(1)).get('token');
  return { url, headers: { authorization: `Bearer ${token}` } };
}
