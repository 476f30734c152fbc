/** The directory that s6-svscan watches, unless told otherwise. */
export const DEFAULT_SCANDIR = '/run/service';

/** The gateway's program, found on the PATH. */
export const DEFAULT_COMMAND = 'hermes-gateway';

/** The account that owns gateways in our image. */
export const DEFAULT_USER = 'hermes';
