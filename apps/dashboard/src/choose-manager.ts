import { findServiceManager } from '@hermes/s6-reconciler';
import { createUnitManager, findUnits } from '@hermes/systemd';
import type { ManagerName } from './config/manager-names.ts';
import type { DashboardServiceManager } from './server/services.ts';

export interface ManagerChoice {
  /** The root home. */
  readonly home: string;
  /** Default: s6 where it supervises gateways, else the systemd that has their units, that of the machine first. */
  readonly manager?: ManagerName | undefined;
  /** The directory that s6-svscan watches, if one is named. */
  readonly scandir?: string | undefined;
}

/** The service manager of the gateways; `undefined` where there is none. */
export function chooseManager({ home, manager, scandir }: ManagerChoice): DashboardServiceManager | undefined {
  switch (manager) {
    case 'none':
      return undefined;
    case 's6':
      return findServiceManager({ home, scandir });
    case 'systemd':
      return createUnitManager({ home, scope: 'system' });
    case 'systemd-user':
      return createUnitManager({ home, scope: 'user' });
    default: {
      const slots = findServiceManager({ home, scandir });
      if (slots !== undefined) return slots;
      const scope = findUnits();
      return scope && createUnitManager({ home, scope });
    }
  }
}
