/** The name of everything, and of the Secret. */
export const NAME = 'hermes';
/** The headless Service, which gives each pod its name in DNS: hermes-0.hermes-pods. */
export const PODS = 'hermes-pods';
export const CONFIG = 'hermes-config';
export const SECRET = 'hermes';

export const LABELS = { 'app.kubernetes.io/name': NAME } as const;
export const PORTS = { http: 8642, dashboard: 9119 } as const;

/** Of the image. */
export const HOME = '/opt/data';
export const UID = 10_000;

/** Where the Secret is mounted; a key is a file. */
export const SECRETS = '/run/secrets/hermes';
export const KEYS = { api: 'api-server-key', drain: 'dashboard-drain-secret', database: 'database-url' } as const;
