import { execFileSync, type IOType, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, createReadStream, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export type Channel = 'pipe' | 'socket';

/** A program whose stderr is not read until the test says so. */
export interface Unread {
  readonly stdin: Writable;
  /** Resolves when the program has said something on stdout that holds `words`. */
  said(words: string): Promise<string>;
  /** From now on stderr is read. @returns all of it, once nothing writes there any more. */
  read(): Promise<string>;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts a program whose stderr is a pipe that blocks who writes, as a supervisor makes it, or a socket, as systemd and Node do. */
export function startUnread([command, ...args]: [string, ...string[]], channel: Channel): Unread {
  const pipe = channel === 'pipe' ? blockingPipe() : undefined;
  const stderr: IOType | number = pipe?.writer ?? 'pipe';
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', stderr] });
  onTestFinished(() => void child.kill('SIGKILL'));
  pipe?.closeWriter();
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  let stdout = '';
  (child.stdout as Readable).setEncoding('utf8').on('data', (words: string) => {
    stdout += words;
  });
  const said = async (words: string) => {
    while (!stdout.includes(words)) await once(child.stdout as Readable, 'data');
    return stdout;
  };
  const read = () => text(pipe ? pipe.reader() : (child.stderr as Readable));
  return { stdin: child.stdin as Writable, said, read, ended };
}

/** A pipe whose ends are descriptors of this process, until the test has finished. */
export function blockingPipe() {
  const directory = mkdtempSync(join(tmpdir(), 'hermes-pipe-'));
  const path = join(directory, 'pipe');
  execFileSync('mkfifo', [path]);
  const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  const open = new Set([readEnd, writer]);
  const close = (fd: number) => {
    if (open.delete(fd)) closeSync(fd);
  };
  onTestFinished(() => {
    for (const fd of open) close(fd);
    rmSync(directory, { recursive: true, force: true });
  });
  return {
    writer,
    closeWriter: () => close(writer),
    // Opened again, without O_NONBLOCK: a stream takes "nothing there yet" for an error.
    reader: () => createReadStream(path),
    /** Until nothing more has room in it. */
    fill: () => {
      const filler = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
      try {
        for (;;) writeSync(filler, 'x');
      } catch {
        closeSync(filler);
      }
    },
  };
}
