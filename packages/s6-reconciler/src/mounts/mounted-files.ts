import {
  DASHBOARD_SOCKET_FILENAME,
  DESIRED_STATE_FILENAME,
  DRAIN_REQUEST_FILENAME,
  GATEWAY_STATE_FILENAME,
  JOURNAL_FILENAME,
  type Mount,
} from '@hermes/drain-contract';

/** Files of a home that are replaced or removed, or that belong to others beside them: none can be a mount of its own. */
const REPLACED: ReadonlySet<string> = new Set([
  ...[GATEWAY_STATE_FILENAME, DESIRED_STATE_FILENAME, DRAIN_REQUEST_FILENAME, DASHBOARD_SOCKET_FILENAME],
  ...['', '-wal', '-shm', '-journal'].map((suffix) => `${JOURNAL_FILENAME}${suffix}`),
]);

/** The same for logs, which are rotated; those of s6-log have a directory for each gateway. */
const ROTATED = /^logs\/(drain-audit\.jsonl(\.\d)?|container-boot\.log(\.1)?|gateways\/[^/]+\/(current|state|@[^/]+))$/;

/** Mounts at single files of `home` that our programs replace. `home` is absolute and without links. */
export function mountedFiles(home: string, mounts: readonly Mount[]): Mount[] {
  const start = `${home.replace(/\/$/, '')}/`;
  return mounts.filter(({ mountPoint }) => {
    const name = mountPoint.startsWith(start) ? mountPoint.slice(start.length) : '';
    return REPLACED.has(name) || ROTATED.test(name);
  });
}
