/** For `skipIf`: says aloud what this machine lacks, since a test that did not run must not pass unnoticed. */
export function lacking(what: string, isThere: boolean): boolean {
  if (!isThere) console.warn(`skipped, needs ${what}`);
  return !isThere;
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}
