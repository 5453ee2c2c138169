/**
 * Replies by SMS. A reply acts only when its number and its code together name exactly one message that waits for an answer:
 * phones are shared, numbers change hands, and two visits may wait at once. Whatever is not plain becomes a task for a person.
 */

/** No vowels, so that no code is a word, and nothing that is read as something else: no 0 1 B G I L O Q S Z. */
export const CODE_LETTERS = '23456789CDFHJKMNPRTVWX'
export const CODE_LENGTH = 4
/** Wrong codes from one number within an hour; after them it is not listened to until the hour is over. */
export const MOST_WRONG_TRIES = 5

export type ReplyAction = 'confirm' | 'cancel'
export type Reply =
  | { readonly action: ReplyAction; readonly code: string }
  /** No more texts to this number, or texts again. */
  | { readonly action: 'stop' | 'start' }
  | { readonly ambiguous: 'no-code' | 'no-action' | 'unclear' }

/** Without accents, in capitals. CANCEL cancels a visit; some gateways take it for STOP unless they are told otherwise. */
const WORDS: Readonly<Record<ReplyAction, readonly string[]>> = {
  confirm: [
    ...['1', 'Y', 'YES', 'YEAH', 'YEP', 'OK', 'OKAY', 'CONFIRM', 'CONFIRMED'],
    ...['JA', 'BESTATIGT', 'BESTATIGE', 'BESTATIGEN', 'BESTAETIGT', 'BESTAETIGE', 'BESTAETIGEN'],
    ...['TAK', 'POTWIERDZAM', 'POTWIERDZ'],
  ],
  cancel: [
    ...['2', 'N', 'NO', 'NOPE', 'CANCEL', 'CANCELLED', 'CANCELED'],
    ...['NEIN', 'ABSAGE', 'ABSAGEN', 'STORNO', 'STORNIEREN'],
    ...['NIE', 'ODWOLUJE', 'ODWOLAJ', 'ODWOLAC', 'ANULUJ', 'ANULUJE', 'REZYGNUJE'],
  ],
}
const STOP_WORDS = ['STOP', 'STOPP', 'STOPALL', 'UNSUBSCRIBE', 'ABMELDEN', 'WYPISZ']
const START_WORDS = ['START', 'UNSTOP', 'ANMELDEN', 'ZAPISZ']
const POLITE = ['PLEASE', 'THANKS', 'THANK', 'YOU', 'BITTE', 'DANKE', 'PROSZE', 'DZIEKUJE']

const CODE = new RegExp(`^[${CODE_LETTERS}]{${CODE_LENGTH}}$`)

/** Case, blanks, punctuation and accents do not count; any other word beside action and code makes the reply unclear. */
export function parseReply(text: string): Reply {
  const tokens = plainWords(text).filter((word) => !POLITE.includes(word))
  if (tokens.length === 1 && STOP_WORDS.includes(tokens[0] ?? '')) return { action: 'stop' }
  if (tokens.length === 1 && START_WORDS.includes(tokens[0] ?? '')) return { action: 'start' }
  const whole = readingsOf(pairOf(tokens))
  const readings = whole.length > 0 ? whole : readingsOf(splitsOf(tokens.join('')))
  const [first, ...others] = readings
  if (first && others.length === 0) return first
  return { ambiguous: first ? 'unclear' : whatLacks(tokens) }
}

/** A text of one message at most counts; longer ones are letters to a person. */
const plainWords = (text: string): string[] =>
  text
    .slice(0, 160)
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toUpperCase()
    .replaceAll('Ł', 'L')
    .split(/[^A-Z0-9]+/)
    .filter((word) => word !== '')

type Pair = readonly [string, string]

/** Which of the pairs are an action and a code, in either order; each reading once. */
function readingsOf(pairs: readonly Pair[]): { action: ReplyAction; code: string }[] {
  const found = pairs.flatMap(([a, b]) => [
    ...(CODE.test(b) ? actionsOf(a).map((action) => ({ action, code: b })) : []),
    ...(CODE.test(a) ? actionsOf(b).map((action) => ({ action, code: a })) : []),
  ])
  return [...new Map(found.map((each) => [`${each.action} ${each.code}`, each])).values()]
}

/** The words as they stand, where they are just two. */
function pairOf(words: readonly string[]): Pair[] {
  const [a, b] = words
  return words.length === 2 && a !== undefined && b !== undefined ? [[a, b]] : []
}

/** Action and code written together, or a code with blanks inside. */
const splitsOf = (compact: string): Pair[] =>
  Array.from({ length: Math.max(compact.length - 1, 0) }, (_, index) => [
    compact.slice(0, index + 1),
    compact.slice(index + 1),
  ])

const ACTIONS = ['confirm', 'cancel'] as const
const actionsOf = (word: string): ReplyAction[] => ACTIONS.filter((action) => WORDS[action].includes(word))

function whatLacks(tokens: readonly string[]): 'no-code' | 'no-action' | 'unclear' {
  if (tokens.length !== 1) return 'unclear'
  const [only = ''] = tokens
  if (CODE.test(only)) return 'no-action'
  return actionsOf(only).length > 0 ? 'no-code' : 'unclear'
}

/** A message whose answer is waited for. */
export type PendingMessage = {
  readonly id: string
  /** E.164. */
  readonly phone: string
  readonly code: string
}

export type ReplyDecision =
  | { readonly do: ReplyAction; readonly messageId: string }
  | { readonly do: 'opt-out' | 'opt-in' }
  /** For a person; `isWrongTry` counts against the number. */
  | {
      readonly do: 'task'
      readonly reason: 'no-code' | 'no-action' | 'unclear' | 'wrong-code' | 'unknown-number' | 'several'
      readonly isWrongTry: boolean
    }
  /** Too many wrong codes: nothing is done and nothing is said. */
  | { readonly do: 'locked' }

/**
 * @param pending every message that waits for an answer, of any number
 * @param fromNumber E.164, as the gateway vouches for it
 * @param wrongTriesInLastHour of that number; STOP is obeyed even after too many
 */
export function decideReply(
  reply: Reply,
  pending: readonly PendingMessage[],
  fromNumber: string,
  wrongTriesInLastHour: number,
): ReplyDecision {
  const isAnswer = 'code' in reply
  if (!isAnswer && 'action' in reply && reply.action === 'stop') return { do: 'opt-out' }
  if (wrongTriesInLastHour >= MOST_WRONG_TRIES) return { do: 'locked' }
  if ('ambiguous' in reply) return { do: 'task', reason: reply.ambiguous, isWrongTry: false }
  if (!isAnswer) return { do: 'opt-in' }
  const own = pending.filter(({ phone }) => matchesNumber(phone, fromNumber))
  const [match, ...others] = own.filter(({ code }) => code.toUpperCase() === reply.code)
  if (!match) return { do: 'task', reason: own.length === 0 ? 'unknown-number' : 'wrong-code', isWrongTry: true }
  if (others.length > 0) return { do: 'task', reason: 'several', isWrongTry: false }
  return { do: reply.action, messageId: match.id }
}

/** Whether two texts are the same number; both must be E.164 but for blanks, dashes, dots, brackets and a leading 00. */
export function matchesNumber(a: string, b: string): boolean {
  const [first, second] = [e164Of(a), e164Of(b)]
  return first !== null && first === second
}

function e164Of(text: string): string | null {
  const plain = text.replaceAll(/[\s().-]/g, '').replace(/^00/, '+')
  return /^\+[1-9][0-9]{5,14}$/.test(plain) ? plain : null
}

/**
 * A code from random bytes, or null where they do not suffice: bytes that would favour some letters are passed over.
 * @param random at least 16 bytes, so that a second draw is all but never needed
 */
export function codeFrom(random: Uint8Array): string | null {
  const limit = 256 - (256 % CODE_LETTERS.length)
  const letters = Array.from(random)
    .filter((byte) => byte < limit)
    .map((byte) => CODE_LETTERS.charAt(byte % CODE_LETTERS.length))
  return letters.length < CODE_LENGTH ? null : letters.slice(0, CODE_LENGTH).join('')
}
