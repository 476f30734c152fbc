import type { Picture } from '../model/wire.ts';

/** The picture in a file; `null` if the browser cannot read it. */
export async function readPicture(file: File): Promise<Picture | null> {
  const reader = new FileReader();
  const { promise, resolve } = Promise.withResolvers<Picture | null>();
  reader.onload = () => resolve(typeof reader.result === 'string' ? { name: file.name, url: reader.result } : null);
  reader.onerror = () => resolve(null);
  reader.readAsDataURL(file);
  return promise;
}
