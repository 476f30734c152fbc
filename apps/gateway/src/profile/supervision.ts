import { resolveHome, type ServiceStatus, shellLine } from '@hermes/drain-contract';
import {
  createServiceManager,
  DEFAULT_SCANDIR,
  DEFAULT_USER,
  isSupervising,
  userToDropTo,
} from '@hermes/s6-reconciler';
import { StartupError } from '@hermes/service-kit';

/** The supervisor of this machine's gateways, for creating and deleting profiles. */
export interface Supervision {
  /** Registers the profile's gateway and starts it. @throws StartupError. */
  register(profile: string): Promise<ServiceStatus>;
  /** Stops the gateway and removes its service. @throws StartupError. */
  unregister(profile: string): Promise<void>;
  /** The command line that does the same as `register`, to be pasted. */
  registerCommand(profile: string): string;
  list(): Promise<ReadonlyMap<string, ServiceStatus>>;
}

/** The running supervisor for the profiles of the root home; `undefined` if none runs. */
export function findSupervision(environment: NodeJS.ProcessEnv): Supervision | undefined {
  const scandir = environment.S6_PROFILE_GATEWAY_SCANDIR || DEFAULT_SCANDIR;
  if (!isSupervising(scandir)) return undefined;
  const dropTo = environment.HERMES_USER || DEFAULT_USER;
  const user = asStartupError(() => userToDropTo(dropTo));
  const home = resolveHome();
  const manager = createServiceManager({ home, scandir, user });
  return {
    register: (profile) => withStartupErrors(manager.register(profile)),
    unregister: (profile) => withStartupErrors(manager.unregister(profile)),
    registerCommand: (profile) =>
      shellLine(['hermes-s6', 'register', profile, '--home', home, '--scandir', scandir, '--user', dropTo]),
    list: async () => new Map((await withStartupErrors(manager.list())).map((service) => [service.profile, service])),
  };
}

function asStartupError<T>(task: () => T): T {
  try {
    return task();
  } catch (error) {
    throw new StartupError((error as Error).message, { cause: error });
  }
}

/** Its errors are for operators, like those of a start. */
async function withStartupErrors<T>(task: Promise<T>): Promise<T> {
  try {
    return await task;
  } catch (error) {
    throw new StartupError((error as Error).message, { cause: error });
  }
}
