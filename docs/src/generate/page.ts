/** The first lines of a generated page. */
export function head(title: string, source: string): string {
  return `<!-- Generated from ${source}. Do not edit: pnpm --filter @hermes/docs generate -->\n\n# ${title}\n`;
}

/** A table in Markdown; a row of cells with nothing in a column may have ''. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text that may hold characters that mean something in a table, or in HTML. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
}

/** A value as code in a table. */
export function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}
