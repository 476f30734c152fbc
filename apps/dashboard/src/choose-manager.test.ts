import { temporaryDirectory } from '@hermes/test-kit';
import { expect, test } from 'vitest';
import { chooseManager } from './choose-manager.ts';
import { MANAGERS } from './config/manager-names.ts';

test.each(MANAGERS)('%s is the one that was chosen', (manager) => {
  const directory = temporaryDirectory();
  const chosen = chooseManager({ home: directory, manager, scandir: directory });
  if (manager === 'none') expect(chosen).toBeUndefined();
  else expect(chosen).toMatchObject({ list: expect.any(Function), restart: expect.any(Function) });
});

test('s6 is found where a scan directory is named', async () => {
  const home = temporaryDirectory();
  expect(await chooseManager({ home, scandir: temporaryDirectory() })?.list()).toEqual([]);
});
