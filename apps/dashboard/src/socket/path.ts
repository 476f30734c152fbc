/** The socket of a dashboard in its home. Who may open it decides the file system: mode 0600. */
export const SOCKET_FILENAME = '.dashboard.sock';

/** What the kernel takes as the path of a socket, in bytes, on every system. */
export const MAX_SOCKET_PATH_BYTES = 103;
