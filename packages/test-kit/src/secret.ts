/** A secret for the dashboard that is strong enough. */
export const SECRET = 'GoodSecret-0123456789-abcdefghijklmnopqrstuvwxyz';
