import { currentInstantiationEpoch } from '../epoch/epoch.ts';
import { readRareFile } from '../files/read.ts';
import type { HomeOptions } from '../home.ts';
import { parseMarker } from './parse.pure.ts';
import { drainRequestPath } from './path.ts';
import type { DrainRequestBody } from './schema.pure.ts';
import { type DrainVerdict, drainVerdict } from './verdict.pure.ts';

/** The gateway and the time that a reader asks about. */
export interface VerdictOptions extends HomeOptions {
  /** Epoch of the gateway that the marker is for. Default: this process's own. */
  readonly epoch?: string | undefined;
  /** Unix ms. Default: now. */
  readonly now?: number | undefined;
}

/**
 * The marker's JSON object: `undefined` when there is none or it cannot be read, `{}` when it is corrupt. Never throws.
 * A failed read is `undefined`, too; the verdict distinguishes it from an absent marker.
 */
export function readDrainRequest(options: HomeOptions = {}): DrainRequestBody | undefined {
  const marker = parseMarker(readRareFile(drainRequestPath(options)));
  return marker.kind === 'object' || marker.kind === 'corrupt' ? marker.body : undefined;
}

/** The verdict on the marker as it is on disk now. Never throws. */
export function readDrainVerdict(options: VerdictOptions = {}): DrainVerdict {
  return drainVerdict({
    marker: readRareFile(drainRequestPath(options)),
    epoch: options.epoch ?? currentInstantiationEpoch(),
    now: options.now ?? Date.now(),
  });
}

/** Whether a drain is in force, or may be because the marker cannot be read now. Never throws. */
export function drainRequested(options: VerdictOptions = {}): boolean {
  const { active, reason } = readDrainVerdict(options);
  return active || reason === 'unavailable';
}

/** Whether the drain in force suppresses the shutdown notice to the home channels. Never throws. */
export function drainNotificationSuppressed(options: VerdictOptions = {}): boolean {
  const verdict = readDrainVerdict(options);
  return verdict.active && verdict.request.suppress_notification;
}
