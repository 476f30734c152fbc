import { Brand } from '@hermes/web-kit';

/** Until the gateway has answered for the first time. */
export function Connecting({ problem }: { readonly problem: string | null }) {
  return (
    <main className="login">
      <div className="card">
        <Brand as="h1" />
        <p role="status" className={problem === null ? 'muted' : 'notice tone-warn'}>
          {problem === null ? 'Connecting…' : `${problem} Trying again…`}
        </p>
      </div>
    </main>
  );
}
