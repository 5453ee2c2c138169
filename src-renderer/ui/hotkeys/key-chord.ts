/**
 * Key texts as the command list writes them: `CmdOrCtrl+E`, `Alt+1`, `F1`, `?`, `b`, and sequences `g d`. Pure.
 * A letter is compared by what the key means, or by its place on the board where the layout is not Latin.
 */
export type Chord = { readonly key: string; readonly hasPrimary: boolean; readonly hasAlt: boolean }

export type KeyPress = {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
}

/** A sequence of chords; most have one. */
export function parseKeys(text: string): readonly Chord[] {
  return text.split(' ').map((part) => {
    const pieces = part.split(/\+(?=.)/)
    const key = pieces.at(-1) ?? ''
    return { key: key.toLowerCase(), hasPrimary: pieces.includes('CmdOrCtrl'), hasAlt: pieces.includes('Alt') }
  })
}

/** True when the press is the chord. Shift decides the character and is not compared. */
export function isPressed(chord: Chord, press: KeyPress): boolean {
  const hasPrimary = press.ctrlKey || press.metaKey
  if (hasPrimary !== chord.hasPrimary || press.altKey !== chord.hasAlt) return false
  return keyOf(press) === chord.key
}

/** True when a text field would want the press itself. */
export const isTyping = (press: KeyPress): boolean =>
  !press.ctrlKey && !press.metaKey && !press.altKey && (press.key.length === 1 || press.key === 'Enter')

/** The text on a key cap. */
export function showKeys(text: string, isApple: boolean): string {
  return text
    .split(' ')
    .map((part) => showChord(part, isApple))
    .join(' ')
}

function showChord(part: string, isApple: boolean): string {
  const named = part.replace('CmdOrCtrl', isApple ? '⌘' : 'Ctrl').replace('Alt', isApple ? '⌥' : 'Alt')
  const pieces = named.split(/\+(?=.)/).map((piece) => (piece.length === 1 ? piece.toUpperCase() : piece))
  return pieces.join(isApple ? '' : ' ')
}

function keyOf({ key, code }: KeyPress): string {
  const isLatin = key.length !== 1 || key.charCodeAt(0) < 128
  if (isLatin) return key.toLowerCase()
  const place = /^(?:Key|Digit)(.)$/.exec(code)?.[1]
  return (place ?? key).toLowerCase()
}
