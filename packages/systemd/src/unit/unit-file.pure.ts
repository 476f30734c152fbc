/** A setting of a unit: its name, and its value as systemd reads it. */
export type Setting = readonly [name: string, value: string];

/** A comment line of a unit. */
export interface Comment {
  readonly comment: string;
}

/** A section of a unit. */
export interface Section {
  readonly name: 'Unit' | 'Service' | 'Install';
  readonly lines: readonly (Setting | Comment)[];
}

/** The text of a unit. */
export function unitText(sections: readonly Section[]): string {
  return sections
    .map(({ name, lines }) => `[${name}]\n${lines.map((line) => `${lineText(line)}\n`).join('')}`)
    .join('\n');
}

function lineText(line: Setting | Comment): string {
  return 'comment' in line ? `# ${line.comment}` : `${line[0]}=${line[1]}`;
}

/** A word of a command line, where systemd expands variables. @throws RangeError for what a unit cannot contain. */
export function commandWord(text: string): string {
  return unitWord(text.replaceAll('$', '$$$$'));
}

/** A word of a list or an assignment, so that systemd reads it as it is. @throws RangeError for what a unit cannot contain. */
export function unitWord(text: string): string {
  const escaped = unitPath(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  return /^[\w@%+=:,./$-]+$/.test(escaped) ? escaped : `"${escaped}"`;
}

/** A value that is a path alone: only specifiers are read in it. @throws RangeError for what a unit cannot contain. */
export function unitPath(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
  if (/[\u0000-\u001f\u007f]/.test(text))
    throw new RangeError(`expected text without control characters in a unit, found ${JSON.stringify(text)}`);
  return text.replaceAll('%', '%%');
}
