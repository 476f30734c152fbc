/** Whether a command is kept away from the gateway: not at all, by bwrap, or by bwrap where that works. */
export const ISOLATIONS = ['none', 'bwrap', 'auto'] as const;
export type IsolationChoice = (typeof ISOLATIONS)[number];
