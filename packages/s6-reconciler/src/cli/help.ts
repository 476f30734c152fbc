import { DEFAULT_SCANDIR, DEFAULT_USER } from '../defaults.ts';

/** The name of the command. */
export const PROGRAM = 'hermes-s6';

export const HELP = `
Examples:
  $ hermes-s6 reconcile --dry-run            what a boot would do, and nothing else
  $ hermes-s6 register support               make the slot of a profile, and start it
  $ hermes-s6 restart default
  $ hermes-s6 list --json | jq -r '.slots[] | select(.state == "failed") | .profile'

Environment (an option overrides it):
  HERMES_HOME                 root home directory (~/.hermes)
  S6_PROFILE_GATEWAY_SCANDIR  the directory that s6-svscan watches (${DEFAULT_SCANDIR})
  HERMES_USER                 user that a root supervisor's gateways drop to (${DEFAULT_USER})
  HERMES_MAX_GATEWAYS         how many services s6-svscan supervises at most, its -c (500)
  HERMES_STOP_GRACE           seconds that the engine gives the container to stop

Run as root on a scan directory of another user, it becomes that user first. Where a third user could replace the scan
directory, or others could write to root's own, it does nothing and ends with 5; so it does for a home of another user
when HERMES_USER is root.

Exit codes:
  0  done
  1  it failed; the reason is on stderr
  2  the command line was not understood
  3  not done in time; it may still happen
  4  no such profile, or no slot of it
  5  this user may not
  6  the gateway has failed and stays down
  7  s6 is not installed, or no s6-svscan watches the scan directory
  8  somebody else asked for the opposite meanwhile
  9  s6-svscan supervises as many services as it may
  10 the doctor found something to mend
  78 the machine must be changed first, such as what is mounted where; the reason and what to do are on stderr
`;

export const RECONCILE_HELP = `
Reads every profile's home, plans, and makes the slots: up where the desired state is to run, or where none is known and the
gateway last said it was running or draining; down elsewhere. A profile that cannot be supervised is skipped with the
reason, and the others go on. What became of each is appended to logs/container-boot.log in the home.

Examples:
  $ hermes-s6 reconcile --dry-run --json
  $ HERMES_HOME=/opt/data hermes-s6 reconcile --scandir /run/service --user hermes

Exit code 0 also when profiles were skipped; see hermes-s6 --help for the others.
`;

export const DOCTOR_HELP = `
A stop is a drain only if its timers nest: a turn ends within the gateway's grace, the gateway within the slot's
timeout-kill, that within the limits of the service around it, and that within the time that the engine gives the
container. What does not is printed with the value that would.

It looks at the mounts of the scan directory and of the homes, too: noexec, read-only, full or nearly full, a network file
system, and single files that are mounted although they are replaced.

A line begins with ok, FAIL, warn (it works, and may go wrong) or ? (it cannot be told from here). Only FAIL ends with 10.
In JSON, ok is true, false or null, and warning is true beside null for warn.

Examples:
  $ hermes-s6 doctor --stop-grace 120
  $ hermes-s6 doctor --json | jq -r '.checks[] | select(.ok == false) | .cure'
`;
