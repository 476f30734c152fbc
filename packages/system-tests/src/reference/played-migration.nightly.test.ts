import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drainNotificationSuppressed, readDrainVerdict, shellLine } from '@hermes/drain-contract';
import { lacking } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, it } from 'vitest';
import { drainctl } from '../live/drainctl-process.ts';
import { newBootObstacle } from '../live/new-boot.ts';
import { describeS6 } from '../live/s6/suite.ts';
import { MigratingMachine } from './migrating-machine.ts';
import { contentOf, STATE } from './over-python.ts';
import { askStandIn, lacksPython } from './stand-in.ts';

const PAGE = readFileSync(new URL('../../../../docs/migrate.md', import.meta.url), 'utf8');
const [INIT = '', CHECK = ''] = blocksOf('Before you begin');
const [MOVE = '', ADMIT = ''] = blocksOf('Move a profile');
const [BOOT = ''] = blocksOf('Boots with both systems');
const [BACK = ''] = blocksOf('Back');
const SETTINGS = 'api_server: {port: 0}\nagent: {kind: echo}\n';
const obstacle = newBootObstacle();
const lacksBoots = lacking(`a process namespace, to begin boots: ${obstacle}`, obstacle === '');

interface Report {
  readonly done: boolean;
  readonly profiles: readonly { readonly profile: string; readonly obstacles: string[]; readonly before: string[] }[];
  readonly commands: readonly string[];
}

/** `hermes-gateway migrate`, as a person runs it. */
function migrate(machine: MigratingMachine, ...args: readonly string[]): Report & { readonly code: number | null } {
  const { code, stdout, stderr } = machine.paste(shellLine(['hermes-gateway', 'migrate', '--json', ...args]));
  if (stdout === '') throw new Error(`migrate ended with ${code}: ${stderr}`);
  return { code, ...(JSON.parse(stdout) as Report) };
}

/** The blocks of a section of the page. */
function blocksOf(heading: string): string[] {
  const [, section = ''] = PAGE.split(`\n## ${heading}\n`);
  const blocks = (section.split('\n## ')[0] ?? '').matchAll(
    /```sh no-run: played by the test of migrations\n(.*?)```/gs,
  );
  return [...blocks].map(([, text = '']) => text);
}

/** Stops the gateway of a profile as its supervisor does, which says nothing about what its operator wants. */
function stopProcess(machine: MigratingMachine, profile: string): void {
  machine.does(shellLine(['s6-svc', '-wD', '-d', machine.slot(profile)]));
}

/** Writes the settings of our gateway for a home of the reference system, as its operator does. */
function addSettings(machine: MigratingMachine, profile: string): void {
  machine.does(INIT, { PROFILE: profile });
  writeFileSync(join(machine.homeOf(profile), 'gateway.yaml'), SETTINGS);
}

async function expectAnswer(machine: MigratingMachine, profile: string, text: string): Promise<void> {
  await eventually(async () =>
    expect((await machine.client(profile).say('s', text)).body).toMatchObject({ reply: text }),
  );
}

const lookAt = (machine: MigratingMachine, profile: string) => ({
  home: machine.homeOf(profile),
  epoch: machine.stateOf(profile)?.epoch,
});
const verdictOf = (machine: MigratingMachine, profile: string) => readDrainVerdict(lookAt(machine, profile));
const isQuiet = (machine: MigratingMachine, profile: string) => drainNotificationSuppressed(lookAt(machine, profile));

describeS6('a migration, played over five boots', () => {
  it.skipIf(lacksPython || lacksBoots)(
    'has every profile up exactly when its operator wants it, and no drain outlives a boot or is lost in one',
    async () => {
      expect([INIT, CHECK, MOVE, ADMIT, BOOT, BACK]).not.toContain('');
      const machine = new MigratingMachine([BOOT]);
      for (const name of ['a', 'b', 'c']) machine.addProfile(name);
      writeFileSync(join(machine.home, 'config.yaml'), 'model: {default: some-model}\nagent: {max_turns: 90}\n');
      for (const name of ['default', 'a', 'c'])
        writeFileSync(join(machine.homeOf(name), STATE), '{"gateway_state":"running","kind":"hermes-gateway"}');

      // The reference system alone, our dashboard over it.
      await machine.start('reference');
      await machine.expectUp({ default: 'reference', a: 'reference', b: 'down', c: 'reference' });
      const context = () => ({ home: machine.home, dashboard: machine.dashboard });
      expect(await drainctl(context(), 'begin', '--wait', '--profile', 'a')).toMatchObject({ code: 0 });
      expect(await drainctl(context(), 'cancel', '--profile', 'a')).toMatchObject({ code: 0 });
      await eventually(() => expect(machine.stateOf('a')?.gateway_state).toBe('running'));
      expect(await askStandIn(machine.homeOf('a'), 'begin')).toBe('1');
      expect(await drainctl(context(), 'begin', '--profile', 'a')).toMatchObject({ code: 0 });
      await eventually(() => expect(machine.stateOf('a')?.gateway_state).toBe('draining'));
      await machine.powerCut();

      // The same again: the drain is void. An operator stops one profile, and another one moves to our gateway.
      await machine.start('reference');
      await machine.expectUp({ default: 'reference', a: 'reference', b: 'down', c: 'reference' });
      await eventually(() => expect(machine.stateOf('a')?.gateway_state).toBe('running'));
      machine.reference('-p', 'c', 'gateway', 'stop');
      await machine.expectUp({ c: 'down' });
      expect(migrate(machine, '--check', '-p', 'a')).toMatchObject({
        code: 1,
        profiles: [
          {
            before: [expect.stringContaining('serves it')],
            obstacles: [expect.stringContaining('init --beside -p a')],
          },
        ],
      });
      addSettings(machine, 'a');
      machine.does(CHECK, { PROFILE: 'a' });
      expect(machine.paste('hermes-gateway migrate -p a')).toMatchObject({
        code: 78,
        stderr: expect.stringContaining('nothing was changed'),
      });
      expect(machine.paste('hermes-s6 register a')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('s6-svc'),
      });
      machine.does(MOVE, { PROFILE: 'a' });
      expect(contentOf(machine.homeOf('a'), 'desired_state.json')).toMatchObject({ desired_state: 'running' });
      await machine.expectUp({ default: 'reference', a: 'ours', b: 'down', c: 'down' });
      // It was drained before it moved, and still is.
      expect(machine.stateOf('a')).toMatchObject({ gateway_state: 'draining' });
      machine.does(ADMIT, { PROFILE: 'a' });
      await expectAnswer(machine, 'a', 'moved');
      expect(await drainctl(context(), 'begin', '--quiet', '--wait', '--profile', 'a')).toMatchObject({ code: 0 });
      expect(isQuiet(machine, 'a')).toBe(true);
      await machine.shutDown();

      // Both systems on one volume.
      await machine.start('mixed');
      await machine.expectUp({ default: 'reference', a: 'ours', b: 'down', c: 'down' });
      await expectAnswer(machine, 'a', 'after the boot');
      expect(verdictOf(machine, 'a')).toMatchObject({ active: false, reason: 'stale-epoch' });
      expect(isQuiet(machine, 'a')).toBe(false);
      expect(await drainctl(context(), 'begin', '--wait', '--profile', 'default')).toMatchObject({ code: 0 });
      for (const profile of ['default', 'a']) {
        const before = machine.stateOf(profile)?.pid;
        machine.does(`kill -KILL ${before}`);
        await eventually(() => expect(machine.stateOf(profile)?.pid).not.toBe(before));
      }
      await machine.expectUp({ default: 'reference', a: 'ours', b: 'down', c: 'down' });
      await eventually(() => expect(machine.stateOf('default')?.gateway_state).toBe('draining'));
      await expectAnswer(machine, 'a', 'after a kill');
      // The rest moves. What an operator has stopped stays so.
      stopProcess(machine, 'default');
      stopProcess(machine, 'a');
      for (const profile of ['default', 'b', 'c']) addSettings(machine, profile);
      expect(migrate(machine, '--all-profiles')).toMatchObject({ code: 0, done: true });
      await machine.shutDown();

      // Our gateways alone.
      await machine.start('ours');
      await machine.expectUp({ default: 'ours', a: 'ours', b: 'down', c: 'down' });
      await expectAnswer(machine, 'default', 'all moved');
      machine.does('hermes-s6 start b');
      machine.does('hermes-s6 stop a');
      await machine.expectUp({ default: 'ours', a: 'down', b: 'ours', c: 'down' });
      expect(await drainctl(context(), 'begin', '--wait', '--profile', 'default')).toMatchObject({ code: 0 });
      const before = machine.stateOf('default')?.pid;
      machine.does(`kill -KILL ${before}`);
      await eventually(() => expect(machine.stateOf('default')?.pid).not.toBe(before));
      await eventually(() => expect(machine.stateOf('default')?.gateway_state).toBe('draining'));
      expect(machine.paste('hermes-gateway migrate --back --all-profiles')).toMatchObject({ code: 78 });
      machine.does('drainctl cancel');
      for (const profile of ['default', 'b']) machine.does(BACK, { PROFILE: profile });
      expect(migrate(machine, '--back', '--all-profiles')).toMatchObject({ code: 0, done: true });
      await machine.shutDown();

      // As at the beginning, but for what operators have decided since.
      await machine.start('reference');
      await machine.expectUp({ default: 'reference', a: 'down', b: 'reference', c: 'down' });
      await eventually(() => expect(machine.stateOf('default')?.gateway_state).toBe('running'));
    },
  );
});
