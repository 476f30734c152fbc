import { describe, expect, expectTypeOf, it } from 'vitest';
import type {
  ActiveReason,
  ClearDrainRequestOptions,
  ContractErrorCode,
  DesiredState,
  DrainRequest,
  DrainRequestBody,
  DrainVerdict,
  FileSighting,
  GatewayObservation,
  GatewayState,
  GatewayStateView,
  HomeOptions,
  InactiveReason,
  Profile,
  VerdictInput,
  VerdictOptions,
  WriteDrainRequestOptions,
} from './index.ts';
import * as contract from './index.ts';

/** As a caller would write it: a reason without a case does not compile. */
function inWords(verdict: DrainVerdict): string {
  switch (verdict.reason) {
    case 'current':
    case 'no-epoch':
    case 'epoch-unknown':
    case 'corrupt':
      return `until ${verdict.expiresAt}, asked by ${verdict.request.principal}`;
    case 'announced':
      return `from ${verdict.refuseAfter} on, asked by ${verdict.request.principal}`;
    case 'absent':
      return 'nothing there';
    case 'unavailable':
      return `cannot be looked at now: ${verdict.code}`;
    case 'unreadable':
      return `cannot be read: ${verdict.code}`;
    case 'stale-epoch':
    case 'expired':
      return `over: ${verdict.body}`;
    default:
      return verdict satisfies never;
  }
}

/** The keys that may not be left out. */
type RequiredKeys<T> = { [Key in keyof T]-?: undefined extends T[Key] ? never : Key }[keyof T];
/** The same type with nothing to assign to: equal to a type that is readonly already. */
type Frozen<T> = { readonly [Key in keyof T]: T[Key] };

describe('the types of the public surface', () => {
  it('let a switch over the reasons of a verdict be complete, and know what comes with each', () => {
    expectTypeOf(inWords).toBeCallableWith({ active: false, reason: 'absent' });
    expectTypeOf<DrainVerdict['reason']>().toEqualTypeOf<ActiveReason | 'announced' | InactiveReason>();
    expectTypeOf<Extract<DrainVerdict, { active: true }>['reason']>().toEqualTypeOf<ActiveReason>();
    expect(inWords({ active: false, reason: 'absent' })).toBe('nothing there');
  });

  it('ask for no option', () => {
    expectTypeOf<RequiredKeys<HomeOptions>>().toBeNever();
    expectTypeOf<RequiredKeys<VerdictOptions>>().toBeNever();
    expectTypeOf<RequiredKeys<WriteDrainRequestOptions>>().toBeNever();
    expectTypeOf<RequiredKeys<ClearDrainRequestOptions>>().toBeNever();
    expectTypeOf(contract.writeDrainRequest).toBeCallableWith();
    expectTypeOf(contract.clearDrainRequest).toBeCallableWith();
    expectTypeOf(contract.readDrainRequest).toBeCallableWith();
    expectTypeOf(contract.drainRequested).toBeCallableWith();
    expectTypeOf(contract.readGatewayState).toBeCallableWith();
    expectTypeOf(contract.readDesiredState).toBeCallableWith();
  });

  it('allow undefined for an option, as a missing one', () => {
    expectTypeOf<WriteDrainRequestOptions['reason']>().toEqualTypeOf<string | undefined>();
    expectTypeOf(contract.writeDrainRequest).toBeCallableWith({ home: undefined, maxAgeSeconds: undefined });
  });

  it('know no option that there is not', () => {
    // @ts-expect-error: the wire name is not the option's name.
    expectTypeOf(contract.writeDrainRequest).toBeCallableWith({ max_age_seconds: 1 });
    // @ts-expect-error: a number of seconds, not a text.
    expectTypeOf(contract.writeDrainRequest).toBeCallableWith({ maxAgeSeconds: '1' });
    // @ts-expect-error: no such desired state.
    expectTypeOf(contract.writeDesiredState).toBeCallableWith('paused');
  });

  it('say what each function answers', () => {
    expectTypeOf(contract.writeDrainRequest).returns.resolves.toEqualTypeOf<DrainRequest>();
    expectTypeOf(contract.clearDrainRequest).returns.resolves.toEqualTypeOf<boolean>();
    expectTypeOf(contract.readDrainRequest).returns.toEqualTypeOf<DrainRequestBody | undefined>();
    expectTypeOf(contract.drainVerdict).parameters.toEqualTypeOf<[VerdictInput]>();
    expectTypeOf(contract.drainVerdict).returns.toEqualTypeOf<DrainVerdict>();
    expectTypeOf(contract.drainRequested).returns.toEqualTypeOf<boolean>();
    expectTypeOf(contract.drainNotificationSuppressed).returns.toEqualTypeOf<boolean>();
    expectTypeOf(contract.currentInstantiationEpoch).returns.toEqualTypeOf<string>();
    expectTypeOf(contract.readGatewayState).returns.toEqualTypeOf<GatewayStateView | undefined>();
    expectTypeOf(contract.writeGatewayState).parameter(0).toEqualTypeOf<GatewayState>();
    expectTypeOf(contract.writeGatewayState).returns.resolves.toEqualTypeOf<void>();
    expectTypeOf(contract.readDesiredState).returns.toEqualTypeOf<DesiredState | undefined>();
    expectTypeOf(contract.writeDesiredState).returns.resolves.toEqualTypeOf<DesiredState>();
    expectTypeOf(contract.readSmallFile).returns.toEqualTypeOf<FileSighting>();
    expectTypeOf(contract.listProfiles).returns.toEqualTypeOf<Profile[]>();
  });

  it('promise nothing about the fields of a marker that another program wrote', () => {
    expectTypeOf<DrainRequestBody[string]>().toEqualTypeOf<unknown>();
    expectTypeOf<GatewayStateView['active_agents']>().toEqualTypeOf<number | null>();
    expectTypeOf<GatewayStateView['gateway_state']>().toEqualTypeOf<string | null>();
  });

  it('do not let a reader change what it has read', () => {
    expectTypeOf<DrainRequestBody>().toEqualTypeOf<Readonly<Record<string, unknown>>>();
    expectTypeOf<contract.ActiveVerdict>().toEqualTypeOf<Frozen<contract.ActiveVerdict>>();
    expectTypeOf<contract.InactiveVerdict>().toEqualTypeOf<Frozen<contract.InactiveVerdict>>();
    expectTypeOf<contract.DrainRequestFields>().toEqualTypeOf<Frozen<contract.DrainRequestFields>>();
    expectTypeOf<GatewayObservation>().toEqualTypeOf<Frozen<GatewayObservation>>();
    expectTypeOf<Profile>().toEqualTypeOf<Frozen<Profile>>();
  });

  it('name the codes of an error one by one', () => {
    expectTypeOf<contract.ContractError['code']>().toEqualTypeOf<ContractErrorCode>();
    expectTypeOf<string>().not.toExtend<ContractErrorCode>();
    expectTypeOf<contract.ContractError>().toExtend<Error>();
  });
});
