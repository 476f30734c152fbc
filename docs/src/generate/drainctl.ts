import type { Command, Option } from 'commander';
import { sections } from '../../../packages/drainctl/src/cli/help.ts';
import { drainctl } from '../../../packages/drainctl/src/cli/program.ts';
import { cell, code, head, table } from './page.ts';

/** `reference/drainctl.md`, from the tree of commands that the help comes from. */
export function drainctlPage(): string {
  const program = drainctl(async () => undefined);
  return `${head('drainctl', 'the command definitions of drainctl')}
You want to look up an option. [Drain with drainctl](../drain/drainctl.md) explains how to use it.

${[...program.commands.map(commandPart), ...sections('drainctl').map(([title, body]) => `## ${title}\n\n${block(body)}`)].join('\n\n')}
`;
}

function commandPart(command: Command): string {
  const words = command.registeredArguments.map((argument) =>
    argument.variadic ? `${argument.name()}…` : argument.name(),
  );
  const examples = sections(command.name()).filter(([title]) => title === 'Examples');
  return [
    `## drainctl ${command.name()}`,
    block(['drainctl', command.name(), ...(command.options.length > 0 ? ['[options]'] : []), ...words].join(' ')),
    cell(command.description()),
    ...(command.options.length > 0 ? [table(['option', 'meaning', 'default'], command.options.map(optionRow))] : []),
    ...examples.map(([, body]) => block(body)),
  ].join('\n\n');
}

function optionRow(option: Option): string[] {
  const choices = option.argChoices ? ` (${option.argChoices.join(', ')})` : '';
  const fallback = option.defaultValueDescription ?? option.defaultValue;
  const shown = fallback === undefined || typeof fallback === 'boolean' ? '' : code(String(fallback));
  return [code(option.flags), cell(option.description + choices), shown];
}

function block(text: string): string {
  return `\`\`\`text\n${text.replace(/\n+$/, '')}\n\`\`\``;
}
