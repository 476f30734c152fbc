import { resolve } from 'node:path';
import { pnpm } from '../pnpm.mjs';
import { changedFiles, headCommit } from './git.ts';
import { commonVersion, type Package, publishedPackages } from './packages.ts';
import type { Progress } from './progress.ts';
import { EXIT, Refusal } from './refusal.ts';

export interface ReleaseOptions {
  readonly isDryRun: boolean;
  readonly skipsChecks: boolean;
  readonly allowPublicRegistry: boolean;
}

/** What is released, and how. */
export interface Context {
  /** The checkout. */
  readonly root: string;
  readonly options: ReleaseOptions;
  readonly progress: Progress;
  /** Each behind those that it depends on. */
  readonly packages: readonly Package[];
  readonly version: string;
  readonly commit: string;
  /** Files that differed from the commit at the start: none, except in a dry run. */
  readonly changed: readonly string[];
}

/** @throws {Refusal} what is checked out in `directory` has no version that could be released. */
export function readContext(directory: string, options: ReleaseOptions, progress: Progress): Context {
  const root = resolve(directory);
  const packages = publishedPackages(root);
  const version = commonVersion(packages);
  return { root, options, progress, packages, version, commit: headCommit(root), changed: changedFiles(root) };
}

/** Runs the pinned pnpm. @throws {Refusal} it fails */
export function runPnpm({ root }: Context, words: readonly string[], expected: string, action: string): void {
  if (pnpm(root, words)) return;
  throw new Refusal(EXIT.checks, { expected, found: `pnpm ${words.join(' ')} failed, see above`, action });
}
