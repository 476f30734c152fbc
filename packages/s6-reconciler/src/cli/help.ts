import { DEFAULT_SCANDIR, DEFAULT_USER } from '../defaults.ts';

/** The name of the command. */
export const PROGRAM = 'hermes-s6';

export const HELP = `
Examples:
  $ hermes-s6 reconcile --dry-run            show what a boot would do
  $ hermes-s6 register support               create the slot of a profile and start it
  $ hermes-s6 restart default
  $ hermes-s6 list --json | jq -r '.slots[] | select(.state == "failed") | .profile'

Environment (an option overrides it):
  HERMES_HOME                 root home directory (~/.hermes)
  S6_PROFILE_GATEWAY_SCANDIR  the directory that s6-svscan watches (${DEFAULT_SCANDIR})
  HERMES_USER                 user that gateways of a root supervisor run as (${DEFAULT_USER})
  HERMES_MAX_GATEWAYS         maximum number of services that s6-svscan supervises, as its -c or -C says (500)
  HERMES_STOP_GRACE           seconds that the container engine waits for the container to stop

Run as root on a scan directory of another user, it switches to that user first. It refuses with exit code 5 if a third
user can replace the scan directory, if others can write to root's own, or if the home belongs to another user while
HERMES_USER is root.

Exit codes:
  0  done
  1  failure; the reason is on stderr
  2  invalid command line
  3  timeout; the operation may still complete
  4  no such profile, or the profile has no slot
  5  permission denied
  6  the gateway has failed permanently and stays down
  7  s6 is not installed, or no s6-svscan watches the scan directory
  8  another command requested the opposite meanwhile
  9  s6-svscan has reached its maximum number of services
  10 the doctor found a fault to correct
  78 the environment must be changed first, such as a mount; stderr has the reason and what to do
`;

export const RECONCILE_HELP = `
Reads the home of each profile and creates its slot. The slot is up if the desired state is running, or if there is no
desired state and the gateway last reported running or draining; otherwise it is down. A profile that cannot be supervised
is skipped with the reason, and the others continue. Each result is appended to logs/container-boot.log in the home.

Examples:
  $ hermes-s6 reconcile --dry-run --json
  $ HERMES_HOME=/opt/data hermes-s6 reconcile --scandir /run/service --user hermes

Skipped profiles do not change exit code 0; hermes-s6 --help lists the other exit codes.
`;

export const DOCTOR_HELP = `
A stop drains only if the timeouts nest: the gateway's grace period is shorter than the slot's timeout-kill, which is
shorter than the limits of the enclosing service, which are shorter than the grace period that the engine gives the
container. A timeout that is too short is printed with the value that it needs.

It also checks the mounts of the scan directory and of the homes: noexec, read-only, full or nearly full, a network file
system, and single mounted files that the programs must be able to replace. For each profile it checks who owns the files
that its gateway writes, the clock, and whether another profile has the same port.

Each line begins with ok, FAIL, warn (it works but may fail later) or ? (it cannot be determined). Only FAIL exits with 10.
In JSON, ok is true, false or null; a warn line has ok null and warning true.

Examples:
  $ hermes-s6 doctor --stop-grace 120
  $ hermes-s6 doctor --json | jq -r '.checks[] | select(.ok == false) | .cure'
`;
