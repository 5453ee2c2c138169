/**
 * Every patient a test has in its database is a mark: when its server ends, name, e-mail, phone, notes and reasons are looked for in
 * all that the server logged, measured, handed to the broker and was asked for under. One find fails the file.
 */
import { appendFileSync } from 'node:fs'
import type { Database } from '#server/database/database.ts'

/** Where marks must not be found, by name of the place. */
export type Places = Readonly<Record<string, string>>
/** A mark, and what it was in the database. */
export type Mark = { readonly text: string; readonly what: string }

type PersonRow = {
  readonly name: string | null
  readonly email: string | null
  readonly phone: string | null
  readonly note: string | null
}
type VisitRow = { readonly reason: string | null; readonly note: string | null }

/** Shorter ones stand in any log by chance. */
const SHORTEST = 6

/** What is told of these patients and visits, each once. A text of one word may be a code that the log has as well. */
export function marksOf(patients: readonly PersonRow[], visits: readonly VisitRow[]): readonly Mark[] {
  const marks = new Map<string, string>()
  const note = (text: string | null, what: string, isSaying: (text: string) => boolean) => {
    const trimmed = (text ?? '').trim().toLowerCase()
    if (trimmed.length >= SHORTEST && isSaying(trimmed)) marks.set(trimmed, what)
  }
  for (const { name, email, phone, note: text } of patients) {
    note(name, 'a name', isSentence)
    note(email, 'an e-mail address', () => true)
    note(phone, 'a phone number', () => true)
    note((phone ?? '').replace(/\D/g, ''), 'a phone number', () => true)
    note(text, 'a note', isSentence)
  }
  for (const { reason, note: text } of visits) {
    note(reason, 'a reason', isSentence)
    note(text, 'a note', isSentence)
  }
  return [...marks].map(([text, what]) => ({ text, what }))
}

const isSentence = (text: string): boolean => /\s/.test(text)

/** Each find as what was found where, without repeating the text itself more than a reader of a failed test needs. */
export function findMarks(marks: readonly Mark[], places: Places): readonly string[] {
  const byHead = Map.groupBy(marks, ({ text }) => text.slice(0, SHORTEST))
  return Object.entries(places).flatMap(([place, text]) => {
    // As written in an address, and as written anywhere else.
    const seen = `${text}\n${place === 'addresses' ? readable(text) : ''}`.toLowerCase()
    return [...marksAt(seen, byHead)].map((mark) => `${mark.what} ("${mark.text}") in the ${place}`)
  })
}

/** One walk over the text for all marks at once: a busy clinic has thousands of them, and its log megabytes. */
function marksAt(text: string, byHead: ReadonlyMap<string, readonly Mark[]>): ReadonlySet<Mark> {
  const found = new Set<Mark>()
  for (let at = 0; at <= text.length - SHORTEST; at += 1) {
    for (const mark of byHead.get(text.slice(at, at + SHORTEST)) ?? []) {
      if (text.startsWith(mark.text, at)) found.add(mark)
    }
  }
  return found
}

function readable(addresses: string): string {
  try {
    return decodeURIComponent(addresses.replaceAll('+', ' '))
  } catch {
    return ''
  }
}

/** All patients and visits, of whatever clinic. */
export async function marksIn(database: Database): Promise<readonly Mark[]> {
  const [patients, visits] = await database.read(async (tx) => [
    await tx.selectFrom('patients').select(['name', 'email', 'phone', 'note']).execute(),
    await tx.selectFrom('appointments').select(['reason', 'note']).execute(),
  ])
  return marksOf(patients, visits)
}

/**
 * Counts what was looked through, for the closing words of `npm test`, and throws when a mark was found.
 * @throws Error naming each mark and its place
 */
export function expectNoMarks(marks: readonly Mark[], places: Places): void {
  const { MARKS_FILE } = process.env
  const lines = Object.fromEntries(Object.entries(places).map(([place, text]) => [place, linesIn(text)]))
  if (MARKS_FILE) appendFileSync(MARKS_FILE, `${JSON.stringify({ marks: marks.length, lines })}\n`)
  const found = findMarks(marks, places)
  if (found.length === 0) return
  throw new Error(`What belongs to a patient was found:\n${found.slice(0, 20).join('\n')}`)
}

const linesIn = (text: string): number => (text === '' ? 0 : text.trimEnd().split('\n').length)
