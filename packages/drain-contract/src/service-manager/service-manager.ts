/** The status of a gateway's service. */
export const SERVICE_STATES = ['not-registered', 'stopped', 'starting', 'running', 'stopping', 'failed'] as const;

/**
 * The state of a service:
 * - `not-registered`: no service manager supervises it;
 * - `starting`: not ready yet, or between two start attempts;
 * - `running`: it has reported that it is ready;
 * - `stopping`: on its way down: its turns may be finishing;
 * - `failed`: it should run, but it was given up.
 */
export type ServiceState = (typeof SERVICE_STATES)[number];

/** One gateway's service, as its manager and the operator see it. */
export interface ServiceStatus {
  /** Name of the profile. */
  readonly profile: string;
  /** What it is doing. */
  readonly state: ServiceState;
  /** Whether the gateway has said that it is ready. */
  readonly ready: boolean;
  /** Process id of the gateway, while it runs. */
  readonly pid: number | null;
  /** Exit status of its last process, while it is stopped. */
  readonly exit_code: number | null;
  /** Signal that ended its last process, while it is stopped. */
  readonly signal: string | null;
  /** For how long its process has been there or not. */
  readonly seconds: number;
}

/** How a service is registered. */
export interface RegisterOptions {
  /** Whether to start the gateway, too. Default: true. */
  readonly start?: boolean;
}

/**
 * Registers, starts and stops the gateways of a home. Every method waits, within a bound, until what it was asked for
 * is so, and fails with a ServiceError only. What the operator wants is recorded in the profile's desired state file.
 */
export interface ServiceManager {
  /** Makes the service of a profile; unless `start` is false, starts the gateway and waits until it is ready. */
  register(profile: string, options?: RegisterOptions): Promise<ServiceStatus>;
  /** Stops the gateway and removes its service. The profile stays. */
  unregister(profile: string): Promise<void>;
  /** Starts the gateway and waits until it is ready. */
  start(profile: string): Promise<ServiceStatus>;
  /** Stops the gateway, which lets its turns finish within its grace, and waits until its process is gone. */
  stop(profile: string): Promise<ServiceStatus>;
  /** Stops and starts it. */
  restart(profile: string): Promise<ServiceStatus>;
  /** What its service is doing. */
  status(profile: string): Promise<ServiceStatus>;
  /** Every service of a gateway, by name. */
  list(): Promise<ServiceStatus[]>;
}
