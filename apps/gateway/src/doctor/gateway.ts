import { type GatewayExit, observeGateway, shellLine } from '@hermes/drain-contract';
import { type Finding, fault, fine, unknown } from '@hermes/s6-reconciler';

/** Exit codes after which the gateway does not run although it should: see docs/reference/exit-codes.md. */
const FAILED = [75, 78];

/** What can be told of the life of the gateway. @param profile for the command that starts it again. */
export function checkGateway(home: string, profile: string): Finding {
  const { state, liveness, unavailable } = observeGateway({ home });
  if (unavailable !== undefined) return unknown(`gateway_state.json cannot be read now: ${unavailable}`);
  if (state === undefined) return unknown('no gateway has run yet');
  const { gateway_state: name, pid, exit, start_problem: startProblem, updated_at } = state;
  const run = `start it again: hermes-gateway run -p ${shellLine([profile])}`;
  if (startProblem !== null) return fault(`${name}: ${startProblem}`, null);
  if (liveness === 'live') return fine(`${name}, live (pid ${pid})`);
  if (liveness === 'frozen')
    return fault(
      `${name}, but its process ${pid} has not written its state since ${updated_at}: it hangs, is stopped, or cannot write`,
      `see its log and ps -o pid,stat,wchan -p ${pid}; continue it with kill -CONT ${pid}, or end it: kill -KILL ${pid}`,
    );
  if (liveness === 'died') return fault(`it died while ${name} and could not say why`, run);
  if (name === 'startup_failed' || (exit !== null && exit.code !== null && FAILED.includes(exit.code)))
    return fault(`${name}: ${exit?.reason ?? 'the reason is not known'}`, exit?.code === 75 ? run : null);
  if (liveness === 'stopped') return unknown(`${name}${endOf(exit)}`, run);
  return unknown(`last ${name}, at ${updated_at ?? 'an unknown time'}; whether it lives cannot be seen from here`);
}

function endOf(exit: GatewayExit | null): string {
  return exit === null ? '' : ` at ${exit.at} (${exit.signal ?? `exit code ${exit.code}`})`;
}
