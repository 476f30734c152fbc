/** What models and browsers both show. No SVG: it is a document with scripts. */
export const PICTURE_TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const;

export const MAX_PICTURES = 4;
const MAX_PICTURE_MIB = 10;

/** Why a file cannot be attached; `null` if it can be. @param attached how many pictures there are. */
export function pictureProblem(file: Pick<File, 'name' | 'type' | 'size'>, attached: number): string | null {
  if (attached >= MAX_PICTURES) return `A message takes ${MAX_PICTURES} pictures at most.`;
  if (!PICTURE_TYPES.some((type) => type === file.type))
    return `${file.name} is not a picture in PNG, JPEG, GIF or WebP.`;
  if (file.size > MAX_PICTURE_MIB * 1_048_576) return `${file.name} is larger than ${MAX_PICTURE_MIB} MiB.`;
  return null;
}
