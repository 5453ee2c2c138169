import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { PatientId } from '#domain/ids.ts'
import { minutes } from '#domain/time/instant.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { isKeptHere } from '#renderer/local-db/allotments.ts'
import { useOwnLeases, usePatientLookup, useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import classes from './booking-panel.module.css'
import type { HoldState } from './hold-keeper.ts'
import { HoldLine } from './hold-line.tsx'
import type { Filled } from './slot-types.ts'
import type { SeriesView } from './use-series.ts'

type ReadBackProps = {
  readonly clinic: Clinic
  readonly filled: Filled
  readonly hold: HoldState
  readonly series: SeriesView
}

/** The sentence to say aloud, and the button. */
export function ReadBack(props: ReadBackProps) {
  const { clinic, filled, hold, series } = props
  const { t } = useTranslation()
  const { patientId, type, slot, overbookReason } = filled
  const format = useFormat()
  const patient = usePatientLookup()(patientId ?? ('' as PatientId))
  const isOnline = useSyncStatus().connection.phase === 'ready'
  const isKept = useIsKept(clinic, filled)
  if (series.kind !== 'off') return <SeriesReadBack clinic={clinic} filled={filled} series={series} />
  const isComplete = patient !== undefined && type !== undefined && slot !== null
  const needsReason = isComplete && slot.isOverbooked && overbookReason.trim() === ''
  return (
    <footer className={classes.foot}>
      <p className={classes.readBack} aria-live="polite">
        {isComplete
          ? t(slot.isOverbooked ? 'book.read-back-overbooked' : 'book.read-back', {
              name: patient.name,
              type: type.name,
              moment: format.moment(slot.start),
              doctor: clinic.doctorOf(slot.doctorId)?.name ?? '',
            })
          : t(patient === undefined ? 'book.needs-patient' : 'book.needs-slot')}
      </p>
      {needsReason && <p className={classes.offline}>{t('book.needs-overbook-reason')}</p>}
      {isOnline && slot && <HoldLine clinic={clinic} hold={hold} />}
      {!isOnline && <p className={classes.offline}>{t(isKept ? 'book.offline-kept' : 'book.offline')}</p>}
      <Button
        type="submit"
        variant="filled"
        size="sm"
        fullWidth
        disabled={!isComplete || needsReason || (isOnline && hold.kind === 'refused')}
        rightSection={<KeyHint keys="CmdOrCtrl+Enter" />}
      >
        {t(isOnline || isKept ? 'book.button' : 'book.button-offline')}
      </Button>
    </footer>
  )
}

/** Whether what is chosen lies in a time that this device keeps, so that it stands without the server. */
function useIsKept(clinic: Clinic, { type, slot }: Filled): boolean {
  const leases = useOwnLeases()
  if (!type || !slot || slot.isOverbooked) return false
  const { doctorId, start } = slot
  const wanted = { doctorId, typeId: type.id, roomId: null, start, end: start + minutes(type.durationMinutes) }
  return isKeptHere(wanted, leases, clinic.typeOf)
}

/** The same for all visits of a series; only what the server has looked at can be booked. */
function SeriesReadBack({ clinic, filled, series }: Omit<ReadBackProps, 'hold'>) {
  const { t } = useTranslation()
  const format = useFormat()
  const name = usePatientLookup()(filled.patientId ?? ('' as PatientId))?.name ?? ''
  const visits = series.kind === 'ready' ? series.plan.flatMap(({ chosen }) => chosen ?? []) : []
  const [first] = visits
  const words = first && {
    name,
    type: filled.type?.name ?? '',
    count: visits.length,
    moment: format.moment(first.start),
    doctor: clinic.doctorOf(first.doctorId)?.name ?? '',
  }
  return (
    <footer className={classes.foot}>
      <p className={classes.readBack} aria-live="polite">
        {words && t('book.series.read-back', words)}
        {series.kind === 'incomplete' && t(name === '' ? 'book.needs-patient' : 'book.needs-slot')}
      </p>
      <Button
        type="submit"
        variant="filled"
        size="sm"
        fullWidth
        disabled={words === undefined}
        rightSection={<KeyHint keys="CmdOrCtrl+Enter" />}
      >
        {words ? t('book.series.button', { count: words.count }) : t('book.button')}
      </Button>
    </footer>
  )
}
