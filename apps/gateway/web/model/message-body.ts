import type { OutgoingMessage } from './wire.ts';

/** The body of `POST /v1/messages`: a text, or parts if there are pictures. */
export function messageBody({ session, messageId, text, pictures }: OutgoingMessage): object {
  const address = { session, message_id: messageId };
  if (pictures.length === 0) return { ...address, text };
  const images = pictures.map(({ url }) => ({ type: 'image_url', image_url: { url } }));
  return { ...address, content: [...(text === '' ? [] : [{ type: 'text', text }]), ...images] };
}
