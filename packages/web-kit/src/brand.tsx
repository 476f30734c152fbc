/** The name of the product; the heading of the page where there is no other. */
export function Brand({ as: Tag }: { readonly as: 'h1' | 'p' }) {
  return (
    <Tag className="brand">
      <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
        <rect width="32" height="32" rx="8" />
        <path d="M9 7v18M23 7v18M9 16h14" />
      </svg>
      Hermes
    </Tag>
  );
}
