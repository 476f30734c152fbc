import { join } from 'node:path/posix';
import { shellLine } from '@hermes/drain-contract';
import { EXIT_STATUS } from '../exit-status.ts';

/** Everything that decides what a slot's files say. */
export interface SlotDefinition {
  readonly profile: string;
  /** The root home, which `HERMES_HOME` names; not the profile's own. */
  readonly rootHome: string;
  /** The profile's own home. */
  readonly profileHome: string;
  /** The gateway's program: a name to be found on the PATH, or an absolute path. */
  readonly command: string;
  /** `UID:GID` that the gateway and its logger drop to; `undefined` when the supervisor is that user already. */
  readonly user: string | undefined;
  /** Seconds that the gateway takes at most from the signal that stops it to its end. */
  readonly stopSeconds: number;
}

/** One file of a slot. */
export interface SlotFile {
  readonly text: string;
  readonly mode: 0o644 | 0o755;
}

/** A file `down` tells s6-supervise, when it starts, not to start the service. */
export const DOWN_FILE: SlotFile = { text: '', mode: 0o644 };

/** The descriptor on which the gateway says that it is ready. */
const NOTIFICATION_FD = 3;

/** By which the supervisor is more patient than the gateway needs, on a busy machine. */
export const STOP_MARGIN_SECONDS = 5;

/** So many deaths within so many seconds are a crash loop: the slot has failed. */
const CRASH_LOOP = { deaths: 10, seconds: 60 } as const;

/** Signals that ask to end, and SIGKILL, which comes from outside: from a machine without memory, and what takes it may pass. */
const NO_CRASH = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGKILL: 9, SIGTERM: 15 } as const;

/** For a death by a signal, s6-permafailon compares this much more than its number with the exit codes, too. */
const KILLED = 128;

/** What counts as a crash: any failure of its own, but not what passes by itself, which the gateway has retried already. */
const CRASHES = [
  ...codesExcept([EXIT_STATUS.temporary, ...Object.values(NO_CRASH).map((signal) => KILLED + signal)]),
  ...['SIGSEGV', 'SIGBUS', 'SIGABRT', 'SIGILL', 'SIGFPE', 'SIGSYS', 'SIGTRAP'],
].join(',');

/** Ranges of the exit codes of a failure, without some. */
function codesExcept(codes: readonly number[]): string[] {
  const ends = [0, ...codes.toSorted((a, b) => a - b), 256];
  return ends.slice(1).flatMap((end, index) => {
    const [first, last] = [(ends[index] as number) + 1, end - 1];
    return first > last ? [] : [first === last ? `${first}` : `${first}-${last}`];
  });
}

/** Rotated at a megabyte, ten old ones kept. */
const LOG_SCRIPT = 'n10 s1000000 T';

/**
 * The files of a slot, by their path in it. Only whether there is a `down` file is left open: it is not part of the
 * definition but of the state.
 */
export function slotFiles(definition: SlotDefinition): ReadonlyMap<string, SlotFile> {
  return new Map<string, SlotFile>([
    ['type', plain('longrun')],
    ['notification-fd', plain(String(NOTIFICATION_FD))],
    ['timeout-kill', timeoutKillFile(definition.stopSeconds)],
    ['max-death-tally', plain(String(2 * CRASH_LOOP.deaths))],
    ['finish', script(finishScript(definition))],
    ['log/type', plain('longrun')],
    ['log/run', script(logScript(definition))],
    ['run', script(runScript(definition))],
  ]);
}

/** Milliseconds from the wish to stop until the supervisor kills a gateway that takes `stopSeconds` at most. */
export function timeoutKillFile(stopSeconds: number): SlotFile {
  return plain(String(Math.ceil((stopSeconds + STOP_MARGIN_SECONDS) * 1000)));
}

function plain(text: string): SlotFile {
  return { text: `${text}\n`, mode: 0o644 };
}

function script(lines: readonly string[]): SlotFile {
  return { text: `${lines.join('\n')}\n`, mode: 0o755 };
}

/** Whether the run script `text` runs a gateway of the root home. */
export function servesHome(text: string, rootHome: string): boolean {
  return text.includes(`export HERMES_HOME=${shellLine([rootHome])} `);
}

/** Whether the run script `text` is one of the reference system: `hermes … gateway run`, and not one of ours. */
export function runsReferenceGateway(text: string): boolean {
  return !text.includes(`${SLOT_MARK}=`) && /(?<![-\w])gateway +run\b/.test(text);
}

/** Whether such a script runs a gateway of the root home; `undefined` when its environment decides. Never certain of a yes. */
export function servesHomeOfReference(text: string, rootHome: string): false | undefined {
  return text.includes('HERMES_HOME=') && !text.includes(rootHome) ? false : undefined;
}

function runScript({ profile, rootHome, profileHome, command, user }: SlotDefinition): string[] {
  const profileOption = profile === 'default' ? '' : ` -p ${profile}`;
  return [
    '#!/bin/sh',
    'exec 2>&1',
    ...dropScript(user, ''),
    `export HERMES_HOME=${shellLine([rootHome])} HERMES_NOTIFY_FD=${NOTIFICATION_FD} ${SLOT_MARK}="${slotMark(profile)}"`,
    ...(user === undefined ? [] : [`export HOME=${shellLine([rootHome])}`]),
    "# What an agent's tool writes into its working directory must not land in the slot.",
    `cd ${shellLine([profileHome])} || cd /`,
    `exec ${shellLine([command])} run --standby${profileOption}`,
  ];
}

function finishScript({ profile, user }: SlotDefinition): string[] {
  return [
    '#!/bin/sh',
    '# Arguments: exit status (256 if killed), signal.',
    ...dropScript(user, ' "$@"'),
    '# Tools that the gateway left behind.',
    `for environ in $(grep -lzsxF "${SLOT_MARK}=${slotMark(profile)}" /proc/[0-9]*/environ); do`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: of the shell
    '  pid=${environ#/proc/}',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: of the shell
    '  kill -KILL "${pid%/environ}" 2>/dev/null',
    'done',
    '# Ended by its own decision, or somebody has to change something first: stay down.',
    `case $1 in ${EXIT_STATUS.ok}|${EXIT_STATUS.config}) exit 125 ;; esac`,
    `exec s6-permafailon ${CRASH_LOOP.seconds} ${CRASH_LOOP.deaths} ${CRASHES} true`,
  ];
}

function logScript({ profile, rootHome, user }: SlotDefinition): string[] {
  const directory = shellLine([join(rootHome, 'logs', 'gateways', profile)]);
  return [
    '#!/bin/sh',
    ...dropScript(user, ''),
    '# A logger that cannot write must not stop the gateway: the output then goes where the supervisor writes its own.',
    `mkdir -p ${directory} && [ -w ${directory} ] || exec s6-log 1`,
    '# Another container on the volume may log there: a gateway that stands by has to be heard, too.',
    `[ ! -e ${directory}/lock ] || s6-setlock -n ${directory}/lock true 2>/dev/null || exec s6-log 1`,
    `exec s6-log ${LOG_SCRIPT} ${directory}`,
  ];
}

/** A variable in the environment of the gateway and of its tools, by which they are found when they outlive it. */
const SLOT_MARK = 'HERMES_SLOT';

/** Unlike any other supervisor's mark in the same process namespace: both scripts are children of their s6-supervise. */
function slotMark(profile: string): string {
  return `$PPID:${profile}`;
}

/**
 * Has the whole script run as the unprivileged user. It comes before anything that touches the volume: through a link
 * there, a process of the user would show what root alone can reach, if only by its working directory.
 */
function dropScript(user: string | undefined, args: string): string[] {
  return user === undefined ? [] : [`[ "$(id -u)" != 0 ] || exec s6-setuidgid ${user} "$0"${args}`];
}
