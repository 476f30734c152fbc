/** The socket of a dashboard in its home. Its file mode 0600 controls the access. */
export const DASHBOARD_SOCKET_FILENAME = '.dashboard.sock';

/** The file with the generated secret of a dashboard, in its home. */
export const DASHBOARD_TOKEN_FILENAME = '.dashboard_token';
