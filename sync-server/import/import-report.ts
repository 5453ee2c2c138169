/** What an import says on the terminal. Values of rows are never repeated: they may be about a patient. */
import type { ImportPlan, ImportProblemReason } from '#domain/import/import-plan.ts'
import type { ImportOutcome } from '#server/operations/import-history.ts'

const SENTENCES: Readonly<Record<ImportProblemReason, string>> = {
  'broken-row': 'the row has another number of values than the header, or a quote that is never closed',
  'missing-column': 'the column is missing',
  empty: 'the value is empty',
  'not-a-day': 'this is no day of the calendar',
  'not-a-time': 'this is no day and time',
  'not-a-whole-number': 'this is no whole number',
  'out-of-range': 'the value is too small, too large or too long',
  'unknown-word': 'this word has no meaning in the mapping',
  'booked-after-the-visit': 'the visit was booked after the day it took place on',
  'duplicate-row': 'an earlier row has the same value',
  'no-free-time-that-day': 'the patient already has a visit at every time of that day',
}

const number = new Intl.NumberFormat('en')
const count = (amount: number, one: string, many = `${one}s`): string =>
  `${number.format(amount)} ${amount === 1 ? one : many}`

/** What the file comes to, before anything is written. */
export function planText(plan: ImportPlan): string {
  const { appointments, patients, doctors, locations, problems } = plan
  const missed = appointments.filter(({ status }) => status === 'noshow').length
  return [
    `${count(appointments.length, 'visit')}: ${number.format(missed)} missed, ${number.format(appointments.length - missed)} kept`,
    `${count(patients.length, 'patient')}, ${count(doctors.length, 'doctor')} at ${count(locations.length, 'location')}`,
    problems.length === 0 ? 'No row stays out.' : `${count(problems.length, 'row stays', 'rows stay')} out:`,
    ...problems.map(({ line, field, reason }) => `  line ${line}${field && `, ${field}`}: ${SENTENCES[reason]}`),
  ].join('\n')
}

/** What was written, and what the booking rules refused. */
export function resultText({ added, present, refused }: ImportOutcome): string {
  return [
    `${count(added, 'visit')} added, ${number.format(present)} already there, ${number.format(refused.length)} refused.`,
    ...refused.map(({ line, reason }) => `  line ${line}: ${reason}`),
  ].join('\n')
}
