import { expect, onTestFinished, test } from 'vitest';
import { addProfile, temporaryHome } from '../testing/home.ts';
import { ProfileReader } from './read.ts';

test('lets others have their turn while it reads many', async () => {
  const home = temporaryHome();
  for (let count = 0; count < 350; count += 1) addProfile(home, `p${count}`);
  let turns = 0;
  const take = () => {
    turns += 1;
    immediate = setImmediate(take);
  };
  let immediate = setImmediate(take);
  onTestFinished(() => clearImmediate(immediate));
  const views = await new ProfileReader({ home, serviceOf: () => null, restartOf: () => null }).readAll();
  expect([views.length, turns]).toEqual([351, 3]);
});
