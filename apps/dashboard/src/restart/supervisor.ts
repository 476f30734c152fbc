import { existsSync } from 'node:fs';
import { createServiceManager, DEFAULT_SCANDIR, type ServiceManager } from '@hermes/s6-reconciler';

/** What the dashboard needs of the service manager. */
export type Supervisor = Pick<ServiceManager, 'status' | 'list' | 'restart'>;

/**
 * The service manager of this machine; `undefined` where nobody supervises gateways: no scan directory was named, and
 * the usual one is not there.
 */
export function findSupervisor(home: string, scandir: string | undefined): Supervisor | undefined {
  if (scandir === undefined && !existsSync(DEFAULT_SCANDIR)) return undefined;
  return createServiceManager({ home, scandir });
}
