import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Brand } from './brand.tsx';

export interface LoginProps {
  /** Where the person finds the secret. */
  readonly hint: string;
  /** What the secret is called. */
  readonly label: string;
  /** Why there is no secret yet, or no longer. */
  readonly complaint: string | null;
  onSecret(secret: string): void;
}

/** The form that asks for the secret of a page. */
export function Login({ hint, label, complaint, onSecret }: LoginProps) {
  const field = useRef<HTMLInputElement>(null);
  const [secret, setSecret] = useState('');

  useEffect(() => {
    document.title = 'Log in · Hermes';
    field.current?.focus();
  }, []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (secret.trim() !== '') onSecret(secret.trim());
  };

  return (
    <main className="login">
      <form className="card" onSubmit={submit} aria-labelledby="login-heading">
        <Brand as="p" />
        <h1 id="login-heading">Log in</h1>
        <p className="muted">{hint}</p>
        <div role="alert">{complaint && <p className="notice tone-bad">{complaint}</p>}</div>
        <label htmlFor="token">{label}</label>
        <input
          ref={field}
          id="token"
          type="password"
          autoComplete="current-password"
          required
          value={secret}
          onChange={(event) => setSecret(event.target.value)}
        />
        <button className="primary" type="submit">
          Log in
        </button>
      </form>
    </main>
  );
}
