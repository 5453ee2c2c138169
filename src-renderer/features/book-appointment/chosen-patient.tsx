import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { countNoShows } from '#domain/appointment/patient-history.ts'
import { WINDOW_DAYS } from '#domain/sync/window.ts'
import { PatientRow } from '#renderer/clinic/patient-row.tsx'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { usePatientVisits } from '#renderer/clinic/use-patient-visits.ts'
import type { PatientHit } from '#renderer/local-db/patient-index.ts'
import { useOpened } from '#renderer/local-db/use-opened.ts'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import classes from './booking-panel.module.css'
import type { Repeatable } from './use-draft.ts'

type ChosenProps = {
  readonly clinic: Clinic
  readonly patient: PatientHit
  readonly repeat: Repeatable | null
  readonly onRepeat: () => void
  readonly onChange: () => void
}

/** The caller, with what one has to know before promising a time. */
export function ChosenPatient({ clinic, patient, repeat, onRepeat, onChange }: ChosenProps) {
  const { t } = useTranslation()
  const missed = countNoShows(usePatientVisits(patient.id))
  useOpened('patients', patient.id)
  return (
    <section className={classes.caller} aria-label={t('book.patient')}>
      <div className={classes.chosen}>
        <PatientRow patient={patient} />
        <Button variant="subtle" size="compact-sm" onClick={onChange}>
          {t('book.change-patient')}
        </Button>
      </div>
      {patient.alerts.map((alert) => (
        <p key={alert} className={classes.alert}>
          <bdi>{alert}</bdi>
        </p>
      ))}
      {missed > 0 && <p className={classes.missed}>{t('book.missed', { count: missed, days: WINDOW_DAYS.past })}</p>}
      {repeat && (
        <Button
          className={classes.repeat}
          variant="default"
          onClick={onRepeat}
          rightSection={<KeyHint keys="Alt+R" />}
          justify="space-between"
        >
          <bdi>
            {t('book.repeat', {
              type: clinic.typeOf(repeat.typeId)?.name ?? '',
              doctor: clinic.doctorOf(repeat.doctorId)?.name ?? '',
            })}
          </bdi>
        </Button>
      )}
    </section>
  )
}
