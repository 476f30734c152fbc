/** The service managers that can be chosen, and `none`. */
export const MANAGERS = ['s6', 'systemd', 'systemd-user', 'none'] as const;
export type ManagerName = (typeof MANAGERS)[number];
