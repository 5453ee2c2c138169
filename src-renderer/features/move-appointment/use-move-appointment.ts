import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentId, DoctorId } from '#domain/ids.ts'
import { timeOfMinute, toInstant } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import type { ClinicDay } from '#renderer/clinic/use-clinic-day.ts'
import { moveLocally } from '#renderer/local-db/appointments-store.ts'
import { usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import { showProblem, showUndo } from '#renderer/ui/parts/toasts.tsx'
import type { GridTarget, Verdict } from '#renderer/ui/time-grid/grid-types.ts'
import { judgeMove } from './judge-move.ts'

export type MoveAppointment = {
  readonly judge: (visit: Appointment, target: GridTarget) => Verdict
  /** Moves at once, says why not, or offers to take it back for ten seconds. */
  readonly move: (visit: Appointment, target: GridTarget) => Promise<boolean>
}

/** Moving a visit on the shown day, by drag or by keyboard. */
export function useMoveAppointment(clinic: Clinic, { day, reach, appointments, hoursOf }: ClinicDay): MoveAppointment {
  const { t } = useTranslation()
  const format = useFormat()
  const lookup = usePatientLookup()
  return useMemo(() => {
    const { desk, zone } = clinic
    const instantAt = (minute: number): Instant | null => {
      const answer = toInstant(day, timeOfMinute(minute), zone)
      // Of a repeated hour the first is meant: the second is booked through the panel, which asks.
      if (answer.ok) return answer.instant
      return answer.reason === 'repeated-hour' ? answer.earlier : null
    }
    const judge = (visit: Appointment, { columnId, minute }: GridTarget): Verdict => {
      const start = instantAt(minute)
      if (start === null) return { ok: false, why: refusalSentence(t, 'skipped-hour') }
      const place = { doctorId: columnId as DoctorId, start }
      const reason = judgeMove(visit, place, {
        appointments: appointments ?? [],
        hoursOf,
        typeOf: clinic.typeOf,
        now: desk.now(),
        isHeld: reach === 'held',
        mayMove: ({ doctorId }) => clinic.may('move-appointment', { ...visit, doctorId }),
      })
      return reason === null ? { ok: true } : { ok: false, why: refusalSentence(t, reason) }
    }
    const put = async (id: AppointmentId, start: Instant, doctorId: DoctorId): Promise<boolean> => {
      const written = await moveLocally(desk, id, { start, doctorId })
      if (!written.ok) showProblem(refusalSentence(t, written.reason))
      return written.ok
    }
    const move = async (visit: Appointment, { columnId, minute }: GridTarget): Promise<boolean> => {
      const start = instantAt(minute)
      const doctorId = columnId as DoctorId
      if (start === null || !(await put(visit.id, start, doctorId))) return false
      const name = lookup(visit.patientId)?.name ?? ''
      const place = { time: format.moment(start), doctor: clinic.doctorOf(doctorId)?.name ?? '' }
      showUndo(t('undo.moved', { name, ...place }), t('undo.button'), () => put(visit.id, visit.start, visit.doctorId))
      return true
    }
    return { judge, move }
  }, [clinic, day, reach, appointments, hoursOf, t, format, lookup])
}
