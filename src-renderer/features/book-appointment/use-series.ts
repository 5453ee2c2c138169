/** A visit that repeats: how, what the server would say to each of its visits, and the booking of them all. */
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Occurrence, SeriesBody, SeriesPreviewBody } from '#domain/api/series-api.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { countUntil, MOST_OCCURRENCES, type SeriesRule } from '#domain/appointment/series.ts'
import { askedOf, type PlannedVisit, planSeries, type SeriesChoice } from '#domain/appointment/series-plan.ts'
import { type LocalDay, localDayOf } from '#domain/time/clinic-time.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { useCalendarVersion } from '#renderer/local-db/use-calendar-version.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import { type BookingCalls, createBookingCalls } from '#renderer/server-api/booking-calls.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import type { Filled } from './slot-types.ts'
import { useBookSeries } from './use-book-series.ts'

export type SeriesDraft = {
  readonly isOn: boolean
  readonly interval: number
  readonly frequency: SeriesRule['frequency']
  readonly count: number
  /** The last day it may fall on; null goes by the count. */
  readonly until: LocalDay | null
}

/** How the preview stands. */
export type SeriesView =
  | { readonly kind: 'off' }
  /** The server decides on all of it at once, and is not there. */
  | { readonly kind: 'offline' }
  /** Patient or time are still missing. */
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'too-short' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'failed'; readonly failure: ApiFailure }
  | { readonly kind: 'ready'; readonly plan: readonly PlannedVisit[] }

export type Series = {
  readonly draft: SeriesDraft
  readonly change: (part: Partial<SeriesDraft>) => void
  readonly view: SeriesView
  readonly choose: (day: LocalDay, choice: SeriesChoice | null) => void
  /** @returns the first visit once all are booked */
  readonly book: () => Promise<Appointment | undefined>
}

const FIRST: SeriesDraft = { isOn: false, interval: 1, frequency: 'weekly', count: 6, until: null }

export function useSeries(api: Pick<ServerApi, 'call'>, clinic: Clinic, filled: Filled): Series {
  const { t } = useTranslation()
  const [draft, setDraft] = useState(FIRST)
  const [choices, setChoices] = useState<ReadonlyMap<LocalDay, SeriesChoice>>(new Map())
  const isOnline = useSyncStatus().connection.phase === 'ready'
  const calls = useMemo(() => createBookingCalls(api), [api])
  const question = questionOf(clinic, filled, draft)
  const isAsked = draft.isOn && isOnline
  const { answer, askAgain } = usePreview(calls, isAsked && typeof question === 'object' ? question : null)
  const text = JSON.stringify(question)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was chosen for another series says nothing about this one
  useEffect(() => setChoices(new Map()), [text])
  const view = viewOf({ draft, isOnline, question, answer, choices })
  const bookSeries = useBookSeries(clinic, calls)
  return {
    draft,
    view,
    change: (part) => setDraft((before) => ({ ...before, ...part })),
    choose: (day, choice) =>
      setChoices((before) => {
        const after = new Map(before)
        if (choice === null) after.delete(day)
        else after.set(day, choice)
        return after
      }),
    book: async () => {
      if (view.kind !== 'ready' || typeof question !== 'object') return undefined
      const body: SeriesBody = {
        ...question,
        ...askedOf(view.plan),
        ...(filled.reason !== '' && { reason: filled.reason }),
        isConfirmed: clinic.may('confirm-appointment', question),
        isAllOrNothing: true,
      }
      const booked = await bookSeries(body, t('undo.booked-reason'))
      if (!booked) askAgain()
      return booked
    },
  }
}

type Question = SeriesPreviewBody | 'incomplete' | 'too-short'

function questionOf(clinic: Clinic, filled: Filled, draft: SeriesDraft): Question {
  const { patientId, type, slot } = filled
  const { frequency, until } = draft
  const interval = Math.round(draft.interval)
  if (!patientId || !type || !slot || !(interval >= 1) || interval > MOST_INTERVAL) return 'incomplete'
  const count = until ? countUntil(localDayOf(slot.start, clinic.zone), { frequency, interval }, until) : draft.count
  if (!(count >= 2) || count > MOST_OCCURRENCES) return 'too-short'
  const rule: SeriesRule = { frequency, interval, count: Math.round(count) }
  return { patientId, typeId: type.id, doctorId: slot.doctorId, start: slot.start, rule }
}

/** Weeks of a year; of days and months, nobody plans further. */
export const MOST_INTERVAL = 52

type Answer = { readonly text: string } & (
  | { readonly occurrences: readonly Occurrence[] }
  | { readonly failure: ApiFailure }
)

/** Typing a number asks once. */
const SETTLED_MS = 300

/** What the server would say now; asked again when the calendar changes. The last answer stands until the next. */
function usePreview(calls: BookingCalls, question: SeriesPreviewBody | null) {
  const [answer, setAnswer] = useState<Answer>()
  const [asked, setAsked] = useState(0)
  const version = useCalendarVersion()
  const latest = useRef(question)
  latest.current = question
  const text = question && JSON.stringify(question)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text stands for the question, the numbers ask it again
  useEffect(() => {
    if (text === null) return
    let isCurrent = true
    const timer = setTimeout(async () => {
      if (!latest.current) return
      const found = await calls.previewSeries(latest.current)
      if (!isCurrent) return
      setAnswer(found.ok ? { text, occurrences: found.value.occurrences } : { text, failure: found })
    }, SETTLED_MS)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [calls, text, version, asked])
  const isOfQuestion = answer !== undefined && answer.text === text
  return { answer: isOfQuestion ? answer : undefined, askAgain: () => setAsked((times) => times + 1) }
}

type Parts = {
  readonly draft: SeriesDraft
  readonly isOnline: boolean
  readonly question: Question
  readonly answer: Answer | undefined
  readonly choices: ReadonlyMap<LocalDay, SeriesChoice>
}

function viewOf({ draft, isOnline, question, answer, choices }: Parts): SeriesView {
  if (!draft.isOn) return { kind: 'off' }
  if (!isOnline) return { kind: 'offline' }
  if (typeof question === 'string') return { kind: question }
  if (!answer) return { kind: 'asking' }
  if ('failure' in answer) return { kind: 'failed', failure: answer.failure }
  return { kind: 'ready', plan: planSeries(answer.occurrences, choices) }
}
