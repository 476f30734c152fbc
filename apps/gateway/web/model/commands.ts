/** The commands that every chat knows. `/help` lists those that a gateway has besides. */
export const COMMANDS = [
  ['/help', 'lists all commands'],
  ['/status', 'what the gateway does'],
  ['/stop', 'interrupts the running task'],
  ['/new', 'starts afresh'],
] as const;

/** The commands that begin like the text. */
export function commandsLike(text: string): readonly (typeof COMMANDS)[number][] {
  return text.startsWith('/') ? COMMANDS.filter(([name]) => name.startsWith(text) && name !== text) : [];
}
