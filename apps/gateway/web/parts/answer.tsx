import { Component, type ComponentProps, memo, type ReactNode, useDeferredValue } from 'react';
import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { isShownPlain } from '../model/markdown.ts';

/**
 * An answer, as Markdown. Its HTML is text, its links open elsewhere, and its pictures are links: a picture would tell its
 * server who reads it, and could carry away what was said.
 */
export function Answer({ text, isWhole }: { readonly text: string; readonly isWhole: boolean }) {
  const shown = useDeferredValue(text);
  const current = isWhole ? text : shown;
  if (isShownPlain(current)) return <Plain text={current} />;
  return (
    <PlainIfBroken key={String(isWhole)} text={current}>
      <Rendered text={current} />
    </PlainIfBroken>
  );
}

const PLUGINS = [remarkGfm];

const COMPONENTS: Components = {
  a: ({ href, children }) => <Link href={href}>{children}</Link>,
  img: ({ src, alt }) => <Link href={typeof src === 'string' ? src : undefined}>{alt || 'picture'}</Link>,
  table: ({ children }) => (
    <Wide>
      <table>{children}</table>
    </Wide>
  ),
  pre: ({ children }) => (
    <Wide>
      <pre>{children}</pre>
    </Wide>
  ),
  input: ({ checked }) => <span aria-hidden="true">{checked ? '☑ ' : '☐ '}</span>,
  h1: Heading,
  h2: Heading,
  h3: Heading,
};

const Rendered = memo(function Rendered({ text }: { readonly text: string }) {
  return (
    <div className="markdown">
      <Markdown remarkPlugins={PLUGINS} components={COMPONENTS}>
        {text}
      </Markdown>
    </div>
  );
});

/** What is wider than the page scrolls by itself, also with the keyboard. */
function Wide({ children }: { readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it
    <div className="wide-content" tabIndex={0}>
      {children}
    </div>
  );
}

/** Headings of an answer are below those of the page. */
function Heading({ children }: ComponentProps<'h3'>) {
  return <h3>{children}</h3>;
}

function Link({ href, children }: { readonly href: string | undefined; readonly children: ReactNode }) {
  // Links of other schemes have lost their address by now, and those to this page would leave the session.
  if (!href || !/^(https?|mailto):/i.test(href)) return <span>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

function Plain({ text }: { readonly text: string }) {
  return <p className="text">{text}</p>;
}

interface PlainIfBrokenProps {
  readonly text: string;
  readonly children: ReactNode;
}

/** Shows the text as it is if it cannot be shown as Markdown. */
class PlainIfBroken extends Component<PlainIfBrokenProps, { readonly isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render() {
    return this.state.isBroken ? <Plain text={this.props.text} /> : this.props.children;
  }
}
