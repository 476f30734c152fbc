export const MAX_PORT = 65_535;

/** The TCP port that `text` names in decimal digits, or `undefined`. 0 stands for "any free one". */
export function parsePort(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : MAX_PORT + 1;
  return port <= MAX_PORT ? port : undefined;
}
