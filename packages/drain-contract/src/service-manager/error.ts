/** The errors of a service manager. */
export type ServiceErrorKind =
  /** An argument is invalid: a bad profile name, an unknown user. */
  | 'invalid_argument'
  /** No service manager runs here, or it does not supervise this gateway. */
  | 'unavailable'
  /** There is no such profile, or the service manager does not know its gateway. */
  | 'not_registered'
  /** Permission denied by the file system or the service manager. */
  | 'not_permitted'
  /** The environment must be changed first, such as a mount. */
  | 'misconfigured'
  /** Timeout; the operation may still complete. */
  | 'timeout'
  /** The gateway failed permanently: it asked its supervisor not to start it again. */
  | 'start_failed'
  /** Another command requested the opposite meanwhile. */
  | 'overruled'
  /** The service manager has reached its maximum number of services. */
  | 'limit'
  /** Any other failure. */
  | 'failed';

/** An error of a service manager that a caller can act on: `kind` for programs, `message` for people. */
export class ServiceError extends Error {
  /** The kind of the error, for programs. */
  readonly kind: ServiceErrorKind;

  constructor(kind: ServiceErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ServiceError';
    this.kind = kind;
  }
}
