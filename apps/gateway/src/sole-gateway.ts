import { observeGateway } from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';
import { z } from 'zod';

const PROBE_TIMEOUT_MS = 1_000;
const livezSchema = z.object({ pid: z.number() });

/**
 * Makes sure that no other gateway serves this home: two of them would overwrite each other's state. A process id in
 * the state file may have been reused, so the other one has to answer for itself.
 * @throws StartupError that names the other one.
 */
export async function requireSoleGateway(home: string): Promise<void> {
  const { live, state } = observeGateway({ home });
  if (!live || !state?.endpoint || state.pid === process.pid) return;
  if ((await askPid(state.endpoint)) !== state.pid) return;
  throw new StartupError(
    `another gateway (pid ${state.pid}, ${state.endpoint}) serves ${home}: stop it first, or choose another HERMES_HOME or --profile`,
  );
}

async function askPid(endpoint: string): Promise<number | undefined> {
  try {
    const answer = await fetch(`${endpoint}/livez`, {
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
      redirect: 'error',
    });
    return livezSchema.safeParse(await answer.json()).data?.pid;
  } catch {
    return undefined;
  }
}
