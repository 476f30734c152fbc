/** The SQLite journal of a gateway, in its home. Only that gateway opens it. */
export const JOURNAL_FILENAME = 'gateway.db';

/** The file in a home that its gateway holds locked while it runs. */
export const HOME_LOCK_FILENAME = '.gateway.lock';
