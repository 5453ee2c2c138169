/**
 * Key texts as the command list writes them: `CmdOrCtrl+E`, `Alt+1`, `F1`, `?`, `b`, and sequences `g d`. Pure.
 * A letter is compared by what the key means, or by its place on the board where the layout is not Latin.
 */
export type Chord = {
  readonly key: string
  readonly hasPrimary: boolean
  readonly hasAlt: boolean
  readonly hasShift: boolean
}

export type KeyPress = {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

/** A sequence of chords; most have one. */
export function parseKeys(text: string): readonly Chord[] {
  return text.split(' ').map((part) => {
    const pieces = part.split(/\+(?=.)/)
    const key = pieces.at(-1) ?? ''
    const has = (modifier: string): boolean => pieces.slice(0, -1).includes(modifier)
    return { key: key.toLowerCase(), hasPrimary: has('CmdOrCtrl'), hasAlt: has('Alt'), hasShift: has('Shift') }
  })
}

/**
 * True when the press is the chord. Beside another modifier and a letter Shift makes another chord; elsewhere it decides the
 * character (`?`, and digits on a French keyboard) and is compared only where the chord names it.
 */
export function isPressed(chord: Chord, press: KeyPress): boolean {
  const hasPrimary = press.ctrlKey || press.metaKey
  if (hasPrimary !== chord.hasPrimary || press.altKey !== chord.hasAlt) return false
  const isShiftCompared = chord.hasShift || (/^[a-z]$/.test(chord.key) && (chord.hasPrimary || chord.hasAlt))
  if (isShiftCompared && press.shiftKey !== chord.hasShift) return false
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
