import { parentPort, workerData } from 'node:worker_threads';
import { StagingArea } from '../slot/staging-area.ts';
import { applySteps } from './apply.ts';
import type { Share } from './apply-in-two.ts';

/** The second thread of {@link import('./apply-in-two.ts').applyInTwo}. */
const { steps, scandir, user } = workerData as Share;
parentPort?.postMessage(applySteps(steps, StagingArea.lent(scandir), user));
