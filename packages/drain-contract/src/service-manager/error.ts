/** What can go wrong when a service manager is asked for something. */
export type ServiceErrorKind =
  /** An argument is not understood: a bad profile name, an unknown user. */
  | 'invalid_argument'
  /** No service manager runs here, or it does not look after this gateway. */
  | 'unavailable'
  /** There is no such profile, or the service manager does not know its gateway. */
  | 'not_registered'
  /** The file system or the service manager refuses: this user may not. */
  | 'not_permitted'
  /** A person has to change something of the machine first, such as what is mounted where. */
  | 'misconfigured'
  /** It did not happen in time; it may still happen. */
  | 'timeout'
  /** The gateway gave up: it asked not to be started again. */
  | 'start_failed'
  /** Another command asked for the opposite meanwhile. */
  | 'overruled'
  /** The service manager has reached its maximum number of services. */
  | 'limit'
  /** Any other failure. */
  | 'failed';

/** An error of a service manager that a caller can act on: `kind` for programs, `message` for people. */
export class ServiceError extends Error {
  /** What went wrong, for programs. */
  readonly kind: ServiceErrorKind;

  constructor(kind: ServiceErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ServiceError';
    this.kind = kind;
  }
}
