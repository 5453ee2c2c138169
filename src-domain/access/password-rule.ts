/**
 * What a password must not be: short, or made of what everybody tries first. There is no rule about kinds of characters (OWASP
 * ASVS 5.0, 6.2.1, 6.2.4, 6.2.5; NIST SP 800-63B, 3.1.1.2). The list of common words is our own; with runs, repeats, years and the
 * account's own words it refuses what published lists of common passwords consist of from twelve characters on.
 */

export const PASSWORD_LENGTH = { shortest: 12, longest: 1024 } as const

/** What must be left when common words, runs, dates and the account's own words are taken out: four letters, or ten digits. */
const LEAST_LEFT = 4
const WORTH_OF_DIGIT = 0.4

/**
 * @param password as typed
 * @param own words that belong to the account: name, e-mail address, clinic
 * @returns true for a password that may be set
 */
export function isAcceptablePassword(password: string, own: readonly string[]): boolean {
  if (password.length < PASSWORD_LENGTH.shortest || password.length > PASSWORD_LENGTH.longest) return false
  const bare = bareText(password)
  if (new Set(bare).size < 5 || isRepeated(bare)) return false
  // A digit may be one or stand for a letter: nothing weak may be seen either way.
  return leftOf(bare, own, bareText) >= LEAST_LEFT && leftOf(plainText(password), own, plainText) >= LEAST_LEFT
}

/** Lower case, without accents. */
const bareText = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

/** The same, with the letters that digits and signs often stand for. */
const plainText = (text: string): string => bareText(text).replace(/[@430157$!]/g, (sign) => LOOK_ALIKE[sign] ?? sign)

const LOOK_ALIKE: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '0': 'o',
  '1': 'i',
  '5': 's',
  '7': 't',
  $: 's',
  '!': 'i',
}

/** One piece of up to half its length again and again, such as `abcabcabcabc`. */
function isRepeated(text: string): boolean {
  for (let size = 1; size <= text.length / 2; size += 1) {
    const piece = text.slice(0, size)
    if (piece.repeat(Math.ceil(text.length / size)).slice(0, text.length) === text) return true
  }
  return false
}

/** The words of a name or an address that are long enough to mean something. */
const wordsOf = (text: string): string[] => text.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length >= 3)

/** How much is left of a text without common words, the account's own, dates, and runs of the keyboard or the alphabet. */
function leftOf(text: string, own: readonly string[], read: (text: string) => string): number {
  const words = [...own.map(bareText).flatMap(wordsOf), ...COMMON_WORDS].map(read)
  let left = text.replace(/(?:19|20)\d\d(?:\d{4})?|\d{4}(?:19|20)\d\d/g, ' ')
  for (const word of [...new Set(words)].sort((a, b) => b.length - a.length)) left = left.replaceAll(word, ' ')
  for (const run of RUNS) left = withoutRun(left, read(run))
  const letters = left.replace(/[^\p{L}]/gu, '').length
  return letters + left.replace(/[^\p{N}]/gu, '').length * WORTH_OF_DIGIT
}

const SHORTEST_RUN = 4

/** Takes out every stretch of at least four characters that follow each other in `run`, in either direction. */
function withoutRun(text: string, run: string): string {
  let left = text
  for (const line of [run, [...run].reverse().join('')]) {
    for (let size = line.length; size >= SHORTEST_RUN; size -= 1) {
      for (let start = 0; start + size <= line.length; start += 1)
        left = left.replaceAll(line.slice(start, start + size), ' ')
    }
  }
  return left
}

const RUNS = [
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'qwertzuiop',
  'asdfghjkl',
  'zxcvbnm',
  'yxcvbnm',
  '01234567890',
  '1qaz2wsx3edc4rfv',
]

const COMMON_WORDS = (
  'password passwort passwd passphrase secret geheim welcome willkommen witaj haslo login logon access admin administrator ' +
  'root user guest test demo default changeme letmein trustno master superman batman dragon monkey football baseball hockey ' +
  'soccer basketball princess sunshine shadow michael jennifer jordan hunter ashley charlie thomas daniel jessica robert ' +
  'matthew andrew joshua michelle samantha maggie pepper ginger cookie banana orange summer winter spring autumn january ' +
  'february march april june july august september october november december monday tuesday wednesday thursday friday ' +
  'saturday sunday iloveyou loveyou love lovely flower freedom whatever internet computer google facebook windows starwars ' +
  'pokemon killer ninja mustang ferrari mercedes porsche yankees cowboys eagles steelers arsenal chelsea liverpool barcelona ' +
  'qwerty asdf zxcv hello hallo cheese chocolate butterfly rainbow diamond silver golden purple angel heaven jesus god ' +
  'correct horse battery staple company office work home family money health healthcare hospital clinic doctor nurse ' +
  'patient appointment appointments reception receptionist medical medicine praxis klinik'
).split(' ')
