import { Button } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { Doctor } from '#domain/people/people-schemas.ts'
import { behindByRecord, stillToTell } from '#domain/schedule/doctor-delay.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import type { Lateness } from '#renderer/clinic/use-lateness.ts'
import { useNow } from '#renderer/clinic/use-now.ts'
import classes from './late-doctors.module.css'

type LateProps = {
  readonly clinic: Clinic
  readonly lateness: Lateness
  /** Today's visits. */
  readonly appointments: readonly Appointment[] | undefined
}

const NONE: readonly Appointment[] = []

/** Who runs late today, by their own word or by the visits on record, and what the desk does about it. Nothing when nobody does. */
export function LateDoctors({ clinic, lateness, appointments = NONE }: LateProps) {
  const { t } = useTranslation()
  const now = useNow()
  const byDoctor = useMemo(() => Map.groupBy(appointments, ({ doctorId }) => doctorId), [appointments])
  const rows = clinic.doctors.flatMap((doctor) => {
    const visits = byDoctor.get(doctor.id) ?? NONE
    const said = lateness.of(doctor.id)?.minutes ?? 0
    const minutes = said || behindByRecord(visits, now)
    return minutes > 0 ? [{ doctor, visits, said, minutes }] : []
  })
  if (rows.length === 0) return null
  return (
    <section aria-label={t('late.title')}>
      <h2 className={classes.title}>{t('late.title')}</h2>
      <ul className={classes.rows}>
        {rows.map((row) => (
          <Row key={row.doctor.id} clinic={clinic} lateness={lateness} {...row} />
        ))}
      </ul>
    </section>
  )
}

type RowProps = Pick<LateProps, 'clinic' | 'lateness'> & {
  readonly doctor: Doctor
  readonly visits: readonly Appointment[]
  /** By the doctor's or the desk's word; 0 where the record alone says it. */
  readonly said: number
  readonly minutes: number
}

function Row({ clinic, lateness, doctor, visits, said, minutes }: RowProps) {
  const { t } = useTranslation()
  const { id, name } = doctor
  const may = clinic.may('check-in-patient', { doctorId: id, patientId: '' as Appointment['patientId'] })
  return (
    <li className={classes.row}>
      <bdi className={classes.name}>{name}</bdi>
      <bdi className={classes.minutes}>{t('late.minutes', { minutes })}</bdi>
      {may && said === 0 && (
        <div className={classes.buttons}>
          <Action label={t('late.say')} name={name} onClick={() => void lateness.say(id, minutes)} />
        </div>
      )}
      {may && said > 0 && <Said lateness={lateness} doctor={doctor} visits={visits} minutes={said} />}
    </li>
  )
}

function Said({ lateness, doctor, visits, minutes }: Pick<RowProps, 'lateness' | 'doctor' | 'visits' | 'minutes'>) {
  const { t } = useTranslation()
  const now = useNow()
  const { id, name } = doctor
  const left = stillToTell(visits, new Set<string>(lateness.of(id)?.told), now).length
  return (
    <div className={classes.buttons}>
      {left > 0 ? (
        <Action label={t('late.tell', { number: left })} name={name} onClick={() => void lateness.tell(id, minutes)} />
      ) : (
        <span className={classes.told}>{t('late.all-told')}</span>
      )}
      <Action isQuiet label={t('late.more')} name={name} onClick={() => void lateness.raise(id)} />
      <Action isQuiet label={t('late.on-time')} name={name} onClick={() => void lateness.say(id, 0)} />
    </div>
  )
}

type ActionProps = {
  readonly label: string
  /** Whose lateness it is: the same buttons stand beside each doctor. */
  readonly name: string
  readonly isQuiet?: boolean
  readonly onClick: () => void
}

function Action({ label, name, isQuiet = false, onClick }: ActionProps) {
  return (
    <Button
      size="compact-sm"
      variant={isQuiet ? 'subtle' : 'default'}
      aria-label={`${label}, ${name}`}
      onClick={onClick}
    >
      {label}
    </Button>
  )
}
