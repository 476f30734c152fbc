import { describe, expect, it } from 'vitest';
import { MAX_SUPERVISED_NAME_LENGTH, profileOfSlot, slotName } from './name.ts';

describe('the slot of a profile', () => {
  it.each(['default', 'a', '0-_'])('%s is found by its name, and the other way round', (profile) => {
    expect(profileOfSlot(slotName(profile))).toBe(profile);
  });

  it('is named as the reference system names it', () => {
    expect(slotName('support')).toBe('gateway-support');
  });

  it('has at most the 251 characters that s6-svscan takes', () => {
    expect(slotName('x'.repeat(MAX_SUPERVISED_NAME_LENGTH))).toHaveLength(251);
  });

  it.each(['dashboard', 'gateways', 'gateway', '.gateway-a', 's6rc-oneshot-runner'])(
    'is not the service %s',
    (name) => {
      expect(profileOfSlot(name)).toBeUndefined();
    },
  );
});
