export function Failure({ text }: { readonly text: string | null }) {
  return <div role="alert">{text && <p className="notice tone-bad">{text}</p>}</div>;
}
