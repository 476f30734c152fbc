import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Argument, Command, Option } from 'commander';
import { sections } from '../cli/help.ts';
import { drainctl } from '../cli/program.ts';

/** The manual page. */
export const MANUAL = new URL('../../man/drainctl.1', import.meta.url);

/** `drainctl(1)` in roff, out of the tree that the help comes from. */
export function manual(): string {
  const program = drainctl(async () => undefined);
  const commands = program.commands;
  const parts = [
    '.\\" Generated from the help: pnpm --filter @hermes/drainctl generate',
    '.TH DRAINCTL 1',
    '.SH NAME',
    'drainctl \\- drain agent gateways, and know when it is safe to stop them',
    '.SH SYNOPSIS',
    ...commands.flatMap((command) => ['.br', synopsis(command)]),
    '.SH DESCRIPTION',
    text(program.description()),
    '.PP',
    'A drain stops a gateway from taking new turns, lets the running ones finish, and can be taken back.',
    '.SH COMMANDS',
    ...commands.flatMap(commandPart),
    ...sections('drainctl').flatMap(([title, body]) => [`.SH ${title.toUpperCase()}`, ...verbatim(body)]),
  ];
  return `${parts.join('\n')}\n`;
}

function synopsis(command: Command): string {
  const words = [`\\fBdrainctl ${text(command.name())}\\fR`];
  if (command.options.length > 0) words.push('[\\fIoptions\\fR]');
  return [...words, ...command.registeredArguments.map(argument)].join(' ');
}

function argument(argument: Argument): string {
  return `\\fI${text(argument.name())}\\fR${argument.variadic ? ' ...' : ''}`;
}

function commandPart(command: Command): string[] {
  const examples = sections(command.name()).filter(([title]) => title === 'Examples');
  return [
    `.SS ${text(command.name())}`,
    text(command.description()),
    ...command.options.flatMap(optionPart),
    ...examples.flatMap(([, body]) => ['.PP', ...verbatim(body)]),
  ];
}

function optionPart(option: Option): string[] {
  const choices = option.argChoices ? `One of ${option.argChoices.join(', ')}` : '';
  const byDefault = option.defaultValueDescription ?? option.defaultValue;
  const message = byDefault === undefined || typeof byDefault === 'boolean' ? '' : `Default: ${byDefault}`;
  const description = [option.description, choices, message].filter((part) => part !== '').join('. ');
  return ['.TP', `\\fB${text(option.flags)}\\fR`, text(description)];
}

function verbatim(body: string): string[] {
  return ['.nf', ...body.split('\n').map((line) => text(line)), '.fi'];
}

/** Nothing in it is an instruction to the formatter. */
function text(line: string): string {
  return line
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(\s*)([.'])/, '$1\\&$2');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(MANUAL, manual());
