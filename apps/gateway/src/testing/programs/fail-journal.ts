import { watch } from 'node:fs';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

const CUE = 'fail-journal';

/** For `--import`: the journal's thread fails, as by a mistake of ours, when the cue appears in the gateway's home. */
if (!isMainThread) {
  const home = process.env.HERMES_HOME ?? '';
  const watcher = watch(home, (_, name) => {
    if (name === CUE) throw new Error(`${join(home, CUE)} is there`);
  });
  watcher.unref();
}
