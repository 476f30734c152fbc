/** What the kernel takes as the path of a socket, in bytes, on every system. */
export const MAX_SOCKET_PATH_BYTES = 103;
