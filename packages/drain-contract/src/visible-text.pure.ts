/** Most texts are; they are shown as they are. */
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/** Scripts in whose spelling U+200C or U+200D stands between two letters. */
const JOINED_SCRIPTS = [
  ...['Arab', 'Syrc', 'Nkoo', 'Mong', 'Deva', 'Beng', 'Guru', 'Gujr', 'Orya', 'Taml', 'Telu', 'Knda', 'Mlym', 'Sinh'],
  ...['Khmr', 'Mymr'],
];
const JOINED_LETTER = `[[\\p{L}\\p{M}]&&[${JOINED_SCRIPTS.map((script) => `\\p{scx=${script}}`).join('')}]]`;
const PICTOGRAPH = '\\p{Extended_Pictographic}';

/** Each is kept only between what it belongs to, and never two in a row, so that none can hide another text. */
const SPELLING = [
  `(?<=${JOINED_LETTER})[\\u200c\\u200d](?=${JOINED_LETTER})`,
  `(?<=${PICTOGRAPH}(?:\\ufe0f|\\p{Emoji_Modifier})?)\\u200d(?=${PICTOGRAPH})`,
  `(?<=${PICTOGRAPH})[\\ufe0e\\ufe0f]`,
  '(?<=[0-9#*])\\ufe0f(?=\\u20e3)',
].join('|');

/**
 * Controls (and with ESC and CSI every terminal sequence), format characters such as bidirectional marks and tags, line and
 * paragraph separators, lone surrogates, and what is shown as nothing.
 */
const HIDDEN = '[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}\\p{Default_Ignorable_Code_Point}]';

const SPELLING_OR_HIDDEN = /* @__PURE__ */ new RegExp(`(${SPELLING})|${HIDDEN}`, 'gv');
const CUT_JOINER = /(?:\u200c|\u200d)$/u;

/**
 * Untrusted `text` on one line as a terminal or a page can show it: every character that is obeyed,
 * ends a line, reorders or hides text is shown as `\u{…}`, for example U+202E as `\u{202e}`. Ordinary text stays as it is,
 * joined emoji and the joiners of scripts that need them included; the tags of flags such as that of Scotland do not. Doing it
 * twice changes nothing. The result is for people: what a text that holds a backslash meant is not recovered from it.
 * @param maxLength - in characters (code points); a longer text ends in `…`.
 */
export function visibleText(text: string, maxLength = Number.POSITIVE_INFINITY): string {
  // No character takes more than two units, or becomes nothing.
  const whole = text.slice(0, 2 * (maxLength + 1));
  const visible = PRINTABLE_ASCII.test(whole) ? whole : whole.replace(SPELLING_OR_HIDDEN, escapeUnlessKept);
  if (visible.length <= maxLength) return visible;
  const characters = [...visible];
  if (characters.length <= maxLength) return visible;
  const cut = characters.slice(0, Math.max(0, maxLength - 1)).join('');
  return `${cut.replace(CUT_JOINER, '')}…`;
}

/** `value` as JSON that a terminal can show: what {@link visibleText} shows as `\u{…}` is escaped as JSON has it. */
export function visibleJson(value: unknown, indent = 0): string {
  return visibleInJson(JSON.stringify(value, undefined, indent));
}

/** The same for JSON that is there already. Line ends and tabs between its parts stay. */
export function visibleInJson(json: string): string {
  return PRINTABLE_LINES.test(json) ? json : json.replace(SPELLING_OR_HIDDEN, escapeForJson);
}

const PRINTABLE_LINES = /^[\x20-\x7e\n\t]*$/;

function escapeUnlessKept(character: string, kept: string | undefined): string {
  return kept ?? `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

function escapeForJson(character: string, kept: string | undefined): string {
  if (kept !== undefined || character === '\n' || character === '\t') return character;
  const units = character.split('').map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0'));
  return units.map((unit) => `\\u${unit}`).join('');
}
