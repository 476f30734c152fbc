import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
} from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../torture/free-port.ts';
import { makeRootFileSystem, type RootFileSystem } from './root-file-system.ts';

/** A boot without hardware support takes a minute, on a busy machine several. */
const BOOT_TIMEOUT_MS = 900_000;
const COMMAND_TIMEOUT_MS = 300_000;
const RETRY_MS = 250;
const VOLUME_BYTES = 536_870_912;
/** Ports in the machine. */
const GATEWAY = 8642;
const DASHBOARD = 9119;

export interface MachineOptions {
  /** The file system of the volume. */
  readonly fileSystem: 'ext4' | 'xfs';
  /** What the engine of a container would set. */
  readonly env: Readonly<Record<string, string>>;
}

/** TCP ports of this machine that lead to the programs in it. */
interface Ports {
  readonly gateway: number;
  readonly dashboard: number;
}

/** What a command in the machine did. */
export interface Executed {
  readonly code: number;
  readonly output: string;
}

/**
 * A real machine, emulated by QEMU: a kernel, the tree of the image as its root, which each start of QEMU finds as it was
 * made, and a disk with the volume, which stays. Everything that it made is gone when it is disposed.
 */
export class QemuMachine implements AsyncDisposable {
  readonly #directory: string;
  readonly #root: RootFileSystem;
  readonly #options: MachineOptions;
  readonly #ports: Ports;
  #qemu: ChildProcess | undefined;
  #control: Control | undefined;

  private constructor(directory: string, root: RootFileSystem, options: MachineOptions, ports: Ports) {
    this.#directory = directory;
    this.#root = root;
    this.#options = options;
    this.#ports = ports;
  }

  static async make(options: MachineOptions): Promise<QemuMachine> {
    const directory = mkdtempSync(join(tmpdir(), 'hermes-machine-'));
    try {
      const root = await makeRootFileSystem(directory, options.env);
      const volume = join(directory, 'volume.img');
      closeSync(openSync(volume, 'w'));
      truncateSync(volume, VOLUME_BYTES);
      return new QemuMachine(directory, root, options, { gateway: await freePort(), dashboard: await freePort() });
    } catch (error) {
      rmSync(directory, { recursive: true, force: true });
      throw error;
    }
  }

  get gatewayUrl(): string {
    return `http://127.0.0.1:${this.#ports.gateway}`;
  }

  get dashboardUrl(): string {
    return `http://127.0.0.1:${this.#ports.dashboard}`;
  }

  /** What the kernel and PID 1 have printed since the power came on. */
  get console(): string {
    const path = join(this.#directory, 'console.log');
    return existsSync(path) ? readFileSync(path, 'latin1') : '';
  }

  /** Switches the power on, and waits until commands can be run. */
  async powerOn(): Promise<void> {
    const socket = join(this.#directory, 'control.sock');
    rmSync(socket, { force: true });
    this.#qemu = spawn('qemu-system-x86_64', this.#flags(socket), { stdio: ['ignore', 'ignore', 'inherit'] });
    await this.#connect();
  }

  /** Asks PID 1 to stop, as an engine does, and waits until the machine has started again. */
  async restart(): Promise<void> {
    const before = await this.bootId();
    await this.exec('kill -TERM 1');
    this.#control?.close();
    await this.#connect(before);
  }

  /** Takes the power away. What the machine has not flushed is lost. */
  async cutPower(): Promise<void> {
    const qemu = this.#qemu;
    this.#qemu = undefined;
    this.#control?.close();
    if (!qemu || qemu.exitCode !== null || qemu.signalCode !== null) return;
    const exited = once(qemu, 'exit');
    qemu.kill('SIGKILL');
    await exited;
  }

  /** Copies the volume, while the power is off. @returns what puts the copy back. */
  saveVolume(): () => void {
    const [volume, copy] = ['volume.img', 'volume.saved.img'].map((name) => join(this.#directory, name));
    copyFileSync(volume as string, copy as string);
    return () => copyFileSync(copy as string, volume as string);
  }

  /** Runs a command line of sh, as root. */
  exec(command: string): Promise<Executed> {
    if (this.#control === undefined) throw new Error('the machine is off');
    return this.#control.exec(command, COMMAND_TIMEOUT_MS);
  }

  /** As {@link exec}. @throws Error when it fails. */
  async does(command: string): Promise<string> {
    const { code, output } = await this.exec(command);
    if (code !== 0) throw new Error(`${command} ended with ${code}: ${output}\n${this.console}`);
    return output;
  }

  async bootId(): Promise<string> {
    return (await this.does('cat /proc/sys/kernel/random/boot_id')).trim();
  }

  /** @param before the boot that must be over. */
  async #connect(before?: string): Promise<void> {
    const deadline = performance.now() + BOOT_TIMEOUT_MS;
    for (;;) {
      if (this.#qemu === undefined || this.#qemu.exitCode !== null || this.#qemu.signalCode !== null)
        throw new Error(`the machine is off:\n${this.console}`);
      if (performance.now() > deadline) throw new Error(`no control of the machine:\n${this.console}`);
      const control = await Control.open(join(this.#directory, 'control.sock'));
      const boot = await control?.exec('cat /proc/sys/kernel/random/boot_id', 5_000).catch(() => undefined);
      if (control && boot?.code === 0 && boot.output.trim() !== before) {
        this.#control = control;
        return;
      }
      control?.close();
      await delay(RETRY_MS);
    }
  }

  #flags(socket: string): string[] {
    const { gateway, dashboard } = this.#ports;
    const kernel = [
      'root=/dev/vda',
      'rw',
      'console=ttyS0',
      'net.ifnames=0',
      'quiet',
      'panic=-1',
      'init=/sbin/machine-init',
    ];
    return [
      ...['-machine', 'pc', '-accel', existsSync('/dev/kvm') ? 'kvm' : 'tcg', '-m', '1024', '-nodefaults'],
      ...['-display', 'none', '-kernel', this.#root.kernel, '-initrd', this.#root.initialRamdisk],
      ...['-append', [...kernel, `hermes.fs=${this.#options.fileSystem}`].join(' ')],
      ...['-drive', `file=${this.#root.disk},if=virtio,format=raw,snapshot=on`],
      ...['-drive', `file=${join(this.#directory, 'volume.img')},if=virtio,format=raw,cache=writeback`],
      ...['-netdev', `user,id=net,hostfwd=${forward(gateway, GATEWAY)},hostfwd=${forward(dashboard, DASHBOARD)}`],
      ...['-device', 'virtio-net-pci,netdev=net,romfile=', '-device', 'virtio-rng-pci'],
      ...['-serial', `file:${join(this.#directory, 'console.log')}`],
      ...['-chardev', `socket,id=control,path=${socket},server=on,wait=off`, '-serial', 'chardev:control'],
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cutPower();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

function forward(outside: number, inside: number): string {
  return `tcp:127.0.0.1:${outside}-:${inside}`;
}

/** The serial port over which commands are run, one at a time. */
class Control {
  readonly #socket: Socket;
  readonly #lines: Interface;
  #count = 0;

  private constructor(socket: Socket) {
    this.#socket = socket.on('error', () => undefined);
    this.#lines = createInterface({ input: socket });
  }

  /** @returns `undefined` while QEMU does not listen. */
  static async open(path: string): Promise<Control | undefined> {
    const socket = connect(path);
    try {
      await once(socket, 'connect');
      return new Control(socket);
    } catch {
      return undefined;
    }
  }

  async exec(command: string, timeoutMs: number): Promise<Executed> {
    // Unlike that of any other connection: the answer to a command that was given up may still come.
    const id = `${process.pid}-${Date.now()}-${++this.#count}`;
    const output: string[] = [];
    const signal = AbortSignal.timeout(timeoutMs);
    const ended = new Promise<number>((resolve, reject) => {
      const onLine = (line: string) => {
        const end = /^(\S+) status=(\d+)$/.exec(line);
        if (end?.[1] === id) {
          this.#lines.off('line', onLine);
          resolve(Number(end[2]));
        } else output.push(line);
      };
      this.#lines.on('line', onLine);
      signal.addEventListener('abort', () => reject(new Error(`no answer of the machine to: ${command}`)));
    });
    this.#socket.write(`${id} ${command.replaceAll('\n', ' ')}\n`);
    const code = await ended;
    return { code, output: output.join('\n') };
  }

  close(): void {
    this.#socket.destroy();
  }
}
