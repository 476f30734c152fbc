/** The commands for everyone, and those for operators only, with the help for each. */
export const COMMANDS = {
  help: 'this list',
  status: 'what the gateway does, and the place of this session in the queue',
  stop: 'interrupt the running task of this session',
  new: 'start afresh: I forget what was said before',
} as const;

export const OPERATOR_COMMANDS = {
  drain: 'start no new tasks; you can add why: /drain update at noon',
  cancel: 'end the drain, or give up a restart',
  restart: 'restart the gateway after the running tasks have ended',
} as const;

export type CommandName = keyof typeof COMMANDS | keyof typeof OPERATOR_COMMANDS;

export interface ChatCommand {
  readonly name: CommandName;
  /** What follows the name; empty for nothing. */
  readonly argument: string;
}

const COMMAND = /^\/([a-z]+)(?:@(\w+))?(?:\s+(.*))?$/is;

/**
 * The command in a message; `undefined` for any other text, such as a command of the agent's own.
 * @param bot the name of the bot that got it: `/stop@another_bot` is for another one. Default: any name fits.
 */
export function parseCommand(text: string, bot?: string): ChatCommand | undefined {
  const [, word = '', addressee, argument = ''] = COMMAND.exec(text.trim()) ?? [];
  const name = word.toLowerCase();
  if (!isCommandName(name)) return undefined;
  if (addressee !== undefined && bot !== undefined && addressee.toLowerCase() !== bot.toLowerCase()) return undefined;
  return { name, argument };
}

export function isForOperators(name: CommandName): name is keyof typeof OPERATOR_COMMANDS {
  return Object.hasOwn(OPERATOR_COMMANDS, name);
}

function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name) || Object.hasOwn(OPERATOR_COMMANDS, name);
}
