import { type ReactNode, useEffect, useId, useRef } from 'react';

export interface ModalProps {
  readonly heading: string;
  /** Called after it was closed; the focus is back where it was. */
  onClosed(): void;
  children(close: () => void): ReactNode;
}

/** A dialog that is open while it is rendered; Escape closes it. */
export function Modal({ heading, onClosed, children }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();

  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);

  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={(event) => event.currentTarget.isConnected && onClosed()}>
      <h2 id={id}>{heading}</h2>
      {children(() => dialog.current?.close())}
    </dialog>
  );
}
