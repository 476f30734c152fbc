/** How much a test does: what a variable says, else `usual`, or `nightly` in the nightly run. */
export function amount(variable: string, usual: number, nightly: number): number {
  return Number(process.env[variable] || (process.env.HERMES_NIGHTLY ? nightly : usual));
}
