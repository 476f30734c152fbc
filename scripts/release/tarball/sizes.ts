import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The most that a package may have, in bytes. */
export interface SizeBudget {
  readonly packed: number;
  readonly unpacked: number;
}

const FILE = 'scripts/release/size-budgets.json';

/** The budget of a package, from `scripts/release/size-budgets.json`. */
export function readBudget(root: string, name: string): SizeBudget | undefined {
  const budgets: Record<string, SizeBudget> = JSON.parse(readFileSync(join(root, FILE), 'utf8'));
  return budgets[name];
}

/** Where a package is larger than its budget, each as a sentence for a person. */
export function problemsOfSizes(
  name: string,
  sizes: { readonly packedBytes: number; readonly unpackedBytes: number },
  budget: SizeBudget | undefined,
): string[] {
  if (budget === undefined) return [`${FILE} has no sizes for ${name}`];
  const over = (what: string, bytes: number, most: number) =>
    bytes <= most
      ? []
      : [`${what} has ${bytes} bytes, more than the ${most} of ${FILE}: a new dependency, a file too many?`];
  return [
    ...over('the tarball', sizes.packedBytes, budget.packed),
    ...over('the unpacked package', sizes.unpackedBytes, budget.unpacked),
  ];
}
