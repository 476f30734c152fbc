/** A secret that a dashboard would take. */
export const SECRET = 'GoodSecret-0123456789-abcdefghijklmnopqrstuvwxyz';
