import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentId, DoctorId } from '#domain/ids.ts'
import { type LocalDay, timeOfMinute, toInstant } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import type { ClinicDay } from '#renderer/clinic/use-clinic-day.ts'
import { useTold } from '#renderer/clinic/use-told.ts'
import { moveLocally } from '#renderer/local-db/appointments-store.ts'
import { usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import { useWhenSent } from '#renderer/local-db/use-when-sent.ts'
import { showProblem, showUndo } from '#renderer/ui/parts/toasts.tsx'
import type { GridTarget, Verdict } from '#renderer/ui/time-grid/grid-types.ts'
import { judgeMove } from './judge-move.ts'

export type MoveAppointment = {
  readonly judge: (visit: Appointment, target: GridTarget, on: ClinicDay) => Verdict
  /** The instant of a minute of the clinic's day; null where the clock skips it. */
  readonly startAt: (day: LocalDay, minute: number) => Instant | null
  /** Moves at once, says why not, or offers to take it back for ten seconds. */
  readonly move: (visit: Appointment, target: GridTarget, day: LocalDay) => Promise<boolean>
}

/** Moving a visit to a doctor's time on a day, by drag or by keyboard. `columnId` of a target is the doctor. */
export function useMoveAppointment(clinic: Clinic): MoveAppointment {
  const { t } = useTranslation()
  const format = useFormat()
  const lookup = usePatientLookup()
  const told = useTold(clinic)
  const whenSent = useWhenSent('appointments')
  return useMemo(() => {
    const { desk, zone } = clinic
    const startAt = (day: LocalDay, minute: number): Instant | null => {
      const answer = toInstant(day, timeOfMinute(minute), zone)
      // Of a repeated hour the first is meant: the second is booked through the panel, which asks.
      if (answer.ok) return answer.instant
      return answer.reason === 'repeated-hour' ? answer.earlier : null
    }
    const judge = (visit: Appointment, { columnId, minute }: GridTarget, on: ClinicDay): Verdict => {
      const { day, reach, appointments, hoursOf } = on
      const start = startAt(day, minute)
      if (start === null) return { ok: false, why: refusalSentence(t, 'skipped-hour') }
      const place = { doctorId: columnId as DoctorId, start }
      const reason = judgeMove(visit, place, {
        appointments: appointments ?? [],
        held: desk.heldByOthers?.() ?? [],
        hoursOf,
        typeOf: clinic.typeOf,
        now: desk.now(),
        isHeld: reach === 'held',
        mayMove: ({ doctorId }) => clinic.may('move-appointment', { ...visit, doctorId }),
      })
      return reason === null ? { ok: true } : { ok: false, why: refusalSentence(t, reason) }
    }
    const put = async (id: AppointmentId, start: Instant, doctorId: DoctorId): Promise<Appointment | null> => {
      const written = await moveLocally(desk, id, { start, doctorId })
      if (written.ok) return written.appointment
      showProblem(refusalSentence(t, written.reason))
      return null
    }
    const move = async (visit: Appointment, { columnId, minute }: GridTarget, day: LocalDay): Promise<boolean> => {
      const start = startAt(day, minute)
      const doctorId = columnId as DoctorId
      const moved = start === null ? null : await put(visit.id, start, doctorId)
      if (start === null || !moved) return false
      const name = lookup(visit.patientId)?.name ?? ''
      const place = { time: format.moment(start), doctor: clinic.doctorOf(doctorId)?.name ?? '' }
      const undo = async (): Promise<void> => {
        await whenSent(visit.id)
        await put(visit.id, visit.start, visit.doctorId)
      }
      showUndo(t('undo.moved', { name, ...place }), t('undo.button'), undo, await told('moved', moved))
      return true
    }
    return { judge, startAt, move }
  }, [clinic, t, format, lookup, told, whenSent])
}
