/** Whether a command is isolated from the gateway: never, always by bwrap, or by bwrap if that works. */
export const ISOLATIONS = ['none', 'bwrap', 'auto'] as const;
export type IsolationChoice = (typeof ISOLATIONS)[number];
