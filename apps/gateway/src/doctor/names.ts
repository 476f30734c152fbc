/** The checks, in their order. */
export const CHECK_NAMES = [
  'configuration',
  'home',
  'owner',
  'clock',
  'API key',
  'port',
  'disk',
  'mounts',
  'locks',
  'journal',
  'gateway',
  'service',
  'agent',
  'isolation of the agent',
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];
