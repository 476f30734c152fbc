/** The default directory that s6-svscan watches. */
export const DEFAULT_SCANDIR = '/run/service';

/** The gateway's program, found on the PATH. */
export const DEFAULT_COMMAND = 'hermes-gateway';

/** The account that owns gateways in our image. */
export const DEFAULT_USER = 'hermes';
