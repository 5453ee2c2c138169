/**
 * How long a text is as an SMS: 160 septets of the GSM 03.38 alphabet, or 70 UTF-16 units where one character lies outside it;
 * in longer texts each part gives up some room for the header that joins them (3GPP TS 23.038, TS 23.040).
 */

export type SmsSize = {
  readonly encoding: 'gsm-7' | 'ucs-2'
  /** In the encoding's units: septets, or UTF-16 units. */
  readonly units: number
  /** How many messages the operator charges; 0 for an empty text. */
  readonly segments: number
}

const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
/** Written as an escape and a septet. */
const EXTENSION = new Set('\f^{}\\[~]|€')

const ROOM = { 'gsm-7': { alone: 160, joined: 153 }, 'ucs-2': { alone: 70, joined: 67 } } as const

export function smsSize(text: string): SmsSize {
  const characters = [...text]
  const encoding = characters.every((each) => BASIC.has(each) || EXTENSION.has(each)) ? 'gsm-7' : 'ucs-2'
  const widths = characters.map((each) => (encoding === 'ucs-2' ? each.length : EXTENSION.has(each) ? 2 : 1))
  const units = widths.reduce((sum, width) => sum + width, 0)
  const { alone, joined } = ROOM[encoding]
  if (units <= alone) return { encoding, units, segments: units === 0 ? 0 : 1 }
  return { encoding, units, segments: partsOf(widths, joined) }
}

/** A part never ends inside an escape or a surrogate pair, so some parts are one unit shorter. */
function partsOf(widths: readonly number[], room: number): number {
  let parts = 1
  let used = 0
  for (const width of widths) {
    if (used + width > room) {
      parts += 1
      used = 0
    }
    used += width
  }
  return parts
}

/**
 * The text in the cheap alphabet where only accents and typographic marks stand in the way, as Polish texts are sent by custom;
 * unchanged where other scripts or emoji need the wide one anyway.
 */
export function plainForSms(text: string): string {
  const plain = [...text.normalize('NFC')]
    .map((each) => (BASIC.has(each) || EXTENSION.has(each) ? each : plainCharacter(each)))
    .join('')
  return smsSize(plain).encoding === 'gsm-7' ? plain : text
}

const SPELLED: Readonly<Record<string, string>> = {
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ı: 'i',
  ẞ: 'SS',
  œ: 'oe',
  Œ: 'OE',
  '‘': "'",
  '’': "'",
  '‚': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '—': '-',
  '‑': '-',
  '…': '...',
  '\u00a0': ' ',
  '\u202f': ' ',
  '\u2009': ' ',
  '\t': ' ',
  '•': '-',
  '·': '-',
}

const plainCharacter = (each: string): string => SPELLED[each] ?? each.normalize('NFD').replaceAll(/\p{M}/gu, '')

const ELLIPSIS = '...'

/**
 * The text within `maxSegments` messages: as it is, else in the cheap alphabet, else cut at the end of a word where one is near,
 * never inside what a reader sees as one character.
 * @param keep what must survive a cut, such as the code of a reply; it is put at the end where the cut would have lost it
 */
export function fitSms(text: string, maxSegments: number, keep = ''): string {
  const fits = (candidate: string): boolean => smsSize(candidate).segments <= maxSegments
  if (smsSize(text).encoding === 'gsm-7' && fits(text)) return text
  const plain = plainForSms(text)
  if (fits(plain)) return plain
  const pieces = Array.from(
    new Intl.Segmenter().segment(plain.slice(0, maxSegments * ROOM['gsm-7'].alone)),
    ({ segment }) => segment,
  )
  for (let count = pieces.length; count > 0; count -= 1) {
    const candidate = closed(wordEnd(pieces.slice(0, count).join('')), keep)
    if (fits(candidate)) return candidate
  }
  return keep
}

/** Without a half word at the end, unless that would cost more than a word's length. */
function wordEnd(head: string): string {
  const end = head.lastIndexOf(' ')
  return end > 0 && head.length - end < 20 ? head.slice(0, end) : head
}

const closed = (head: string, keep: string): string =>
  keep === '' || head.includes(keep) ? `${head}${ELLIPSIS}` : `${head}${ELLIPSIS} ${keep}`
