import { visibleJson, visibleText } from '@hermes/drain-contract';

/** A line for people on stdout. Names, states and reasons in it come from a volume that others can write. */
export function printLine(line: string): void {
  process.stdout.write(`${visibleText(line)}\n`);
}

/** A line for programs on stdout. */
export function printJson(value: unknown): void {
  process.stdout.write(`${visibleJson(value)}\n`);
}

/** Lines for people on stderr. */
export function printError(text: string): void {
  process.stderr.write(
    `${text
      .split('\n')
      .map((line) => visibleText(line))
      .join('\n')}\n`,
  );
}
