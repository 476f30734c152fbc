/** The socket of a dashboard in its home. Who may open it decides the file system: mode 0600. */
export const DASHBOARD_SOCKET_FILENAME = '.dashboard.sock';

/** The secret that a dashboard has made for itself, in its home. */
export const DASHBOARD_TOKEN_FILENAME = '.dashboard_token';
