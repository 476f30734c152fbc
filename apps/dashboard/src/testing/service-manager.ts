import type { ServiceStatus } from '@hermes/drain-contract';
import type { DashboardServiceManager } from '../server/services.ts';

export function serviceStatus(profile: string, changes: Partial<ServiceStatus> = {}): ServiceStatus {
  return {
    profile,
    state: 'running',
    ready: true,
    pid: 100,
    seconds: 5,
    exit_code: null,
    signal: null,
    ...changes,
  };
}

/** A service manager of one gateway whose restarts end when the test says so. */
export class ScriptedServiceManager implements DashboardServiceManager {
  service: ServiceStatus;
  /** Thrown by every question, when set. */
  trouble: Error | undefined;
  restarts = 0;
  #end = Promise.withResolvers<ServiceStatus>();

  constructor(profile = 'default') {
    this.service = serviceStatus(profile);
  }

  async status(): Promise<ServiceStatus> {
    if (this.trouble) throw this.trouble;
    return this.service;
  }

  async list(): Promise<ServiceStatus[]> {
    return [await this.status()];
  }

  restart(): Promise<ServiceStatus> {
    this.restarts += 1;
    this.#end = Promise.withResolvers();
    return this.#end.promise;
  }

  change(changes: Partial<ServiceStatus>): void {
    this.service = { ...this.service, ...changes };
  }

  /** The restart that is in flight ends well. */
  succeed(): void {
    this.#end.resolve(this.service);
  }

  fail(message: string): void {
    this.#end.reject(new Error(message));
  }
}
