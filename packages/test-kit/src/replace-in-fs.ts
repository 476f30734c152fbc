import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Puts a function in the place of one of `node:fs`, also for those who have imported it by name; for faults and counts
 * that cannot be had otherwise.
 * @returns puts the true one back.
 */
export function replaceInFs<Name extends keyof typeof fs>(name: Name, replacement: (typeof fs)[Name]): () => void {
  const original = fs[name];
  const put = (value: (typeof fs)[Name]) => {
    fs[name] = value;
    syncBuiltinESMExports();
  };
  put(replacement);
  return () => put(original);
}
