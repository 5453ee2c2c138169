/** Times that became free while this desk looked, by whomever, and whom they could serve. */
import { useEffect, useState } from 'react'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { localDayOf } from '#domain/time/clinic-time.ts'
import { type FreedStretch, fitsOf, freedBy } from '#domain/waitlist/freed-time.ts'
import type { WaitlistEntry } from '#domain/waitlist/waitlist-schemas.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useNow } from '#renderer/clinic/use-now.ts'
import { freeStartsLocally } from '#renderer/local-db/free-times-local.ts'
import { useLocalDb } from '#renderer/local-db/local-db-context.tsx'
import { useCalendarVersion } from '#renderer/local-db/use-calendar-version.ts'

export type FreedTime = FreedStretch & {
  /** In the order to ask; never empty. */
  readonly fits: readonly WaitlistEntry[]
}

const MOST_KEPT = 6

/** The newest first; a time that somebody has taken meanwhile, or that has come, is left out. */
export function useFreedTimes(clinic: Clinic, entries: readonly WaitlistEntry[]): readonly FreedTime[] {
  const { database } = useLocalDb()
  const now = useNow()
  const [freed, setFreed] = useState<readonly FreedStretch[]>([])
  const [shown, setShown] = useState<readonly FreedTime[]>([])
  // A change may take a freed time again.
  const version = useCalendarVersion()
  useEffect(() => {
    const subscription = database.appointments.$.subscribe(({ operation, documentData, previousDocumentData }) => {
      if (operation !== 'UPDATE') return
      const stretch = freedBy(previousDocumentData as Appointment, documentData as Appointment)
      if (stretch) setFreed((before) => [stretch, ...before.filter((one) => !isSame(one, stretch))].slice(0, MOST_KEPT))
    })
    return () => subscription.unsubscribe()
  }, [database])
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` stands for visits and schedules
  useEffect(() => {
    let isCurrent = true
    const ahead = freed.filter(({ start }) => start > now)
    void Promise.all(ahead.map((stretch) => served(clinic, stretch, entries))).then((times) => {
      if (isCurrent)
        setShown((before) =>
          sameOr(
            before,
            times.flatMap((time) => time ?? []),
          ),
        )
    })
    return () => {
      isCurrent = false
    }
  }, [clinic, freed, entries, now, version])
  return shown
}

/** The time with those it serves; undefined when it serves nobody, or is taken again. */
async function served(
  clinic: Clinic,
  stretch: FreedStretch,
  entries: readonly WaitlistEntry[],
): Promise<FreedTime | undefined> {
  const { doctorId, start } = stretch
  const doctor = clinic.doctorOf(doctorId)
  if (!doctor) return undefined
  const { zone, typeOf, desk } = clinic
  const wanted = fitsOf(entries, stretch, { doctor, typeOf, zone }).filter(({ status }) => status === 'waiting')
  const day = localDayOf(start, zone)
  const types = [...new Set(wanted.map(({ typeId }) => typeId))]
  const free = await Promise.all(
    types.map(async (typeId) =>
      (await freeStartsLocally(desk, { doctorId, typeId, day })).includes(start) ? [typeId] : [],
    ),
  )
  const fits = wanted.filter(({ typeId }) => free.flat().includes(typeId))
  return fits.length > 0 ? { ...stretch, fits } : undefined
}

const isSame = (a: FreedStretch, b: FreedStretch): boolean => a.doctorId === b.doctorId && a.start === b.start

/** The list of before where the new one says the same, so that nothing is announced twice. */
const sameOr = (before: readonly FreedTime[], after: readonly FreedTime[]): readonly FreedTime[] =>
  JSON.stringify(before) === JSON.stringify(after) ? before : after
