import { visibleText } from '@hermes/drain-contract';
import type { Profile } from '../model/profile.ts';
import { Facts, When } from './facts.tsx';

/** The requester and the reason of the drain, and the answer of the gateway. */
export function DrainFacts({ profile }: { readonly profile: Profile }) {
  return (
    <section className="card" aria-labelledby="drain-heading">
      <h3 id="drain-heading">Drain</h3>
      <Body profile={profile} />
    </section>
  );
}

function Body({ profile }: { readonly profile: Profile }) {
  const { request, answer, isDraining } = profile;
  if (request === null) {
    return <p className="muted">{isDraining ? 'In force; its request cannot be read.' : 'None.'}</p>;
  }
  const isAnswered = answer !== null && answer.requestId === request.id;
  return (
    <>
      {!request.isActive && (
        <p className="muted">
          {request.expiredAt === null ? (
            notInForce(request.verdict)
          ) : (
            <>
              The drain expired at <When at={request.expiredAt} />: no client refreshed it, and messages are accepted
              again.
            </>
          )}
        </p>
      )}
      <Facts
        facts={[
          ['Requested by', request.principal],
          ['Reason', request.reason || <span className="muted">no reason given</span>],
          ['Since', request.requestedAt && <When at={request.requestedAt} />],
          ['Refuses from', request.refuseAfter && <When at={request.refuseAfter} />],
          ['Expires', request.expiresAt && <When at={request.expiresAt} />],
          ['Observed', isAnswered && answer.observedAt ? <When at={answer.observedAt} /> : null],
          ['Drained', isAnswered && answer.drainedAt ? <When at={answer.drainedAt} /> : null],
          ['Quiet', request.isQuiet ? 'yes, no shutdown notice to the home channels' : 'no'],
          ['Request', request.id && <code>{visibleText(request.id)}</code>],
        ]}
      />
    </>
  );
}

function notInForce(verdict: string): string {
  if (verdict === 'announced') return 'Announced: not ready for load balancers, still accepting messages.';
  return `Not in force: the request that is left is ignored (${verdict}).`;
}
