import { Button } from '@mantine/core'
import { IconChevronLeft } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentTypeId, DoctorId } from '#domain/ids.ts'
import type { Doctor } from '#domain/people/people-schemas.ts'
import { DoctorFace } from '#renderer/clinic/doctor-face.tsx'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useNextFree } from '#renderer/clinic/use-next-free.ts'
import { offers } from '#renderer/local-db/desk.ts'
import type { PatientApi } from '#renderer/server-api/patient-api.ts'
import classes from './doctor-profiles.module.css'

type ProfilesProps = {
  readonly clinic: Clinic
  readonly patientApi: Pick<PatientApi, 'nextFree'>
  readonly isOffline: boolean
  readonly onBook: (doctorId: DoctorId, typeId: AppointmentTypeId) => void
}

/** Who works at the clinic, what each does and when they are free. */
export function DoctorProfiles(props: ProfilesProps) {
  const { t } = useTranslation()
  const { doctors } = props.clinic
  const [openId, setOpenId] = useState<DoctorId | null>(null)
  const open = doctors.find(({ id }) => id === openId)
  if (open) return <Profile {...props} doctor={open} onBack={() => setOpenId(null)} />
  return (
    <div className={classes.page}>
      <h1>{t('doctors.title')}</h1>
      <ul className={classes.list}>
        {doctors.map((doctor) => (
          <li key={doctor.id}>
            <button type="button" className={classes.card} onClick={() => setOpenId(doctor.id)}>
              <DoctorFace doctor={doctor} />
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

type ProfileProps = ProfilesProps & { readonly doctor: Doctor; readonly onBack: () => void }

function Profile({ clinic, patientApi, isOffline, onBook, doctor, onBack }: ProfileProps) {
  const { t } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const types = clinic.types.filter((type) => type.isOnline && offers(type, doctor.id))
  return (
    <article className={classes.page} aria-label={doctor.name}>
      <Button
        variant="subtle"
        className={classes.back}
        leftSection={<IconChevronLeft size={18} className={classes.arrow} aria-hidden />}
        onClick={onBack}
      >
        {t('doctors.all')}
      </Button>
      <h1 ref={heading} tabIndex={-1} className="visually-hidden">
        {doctor.name}
      </h1>
      <DoctorFace doctor={doctor} />
      {doctor.bio !== '' && <p>{doctor.bio}</p>}
      <h2>{t('doctors.services')}</h2>
      {types.length === 0 && <p className={classes.quiet}>{t('doctors.by-phone')}</p>}
      <ul className={classes.list}>
        {types.map((type) => (
          <li key={type.id} className={classes.service}>
            <span className={classes.words}>
              <bdi className={classes.strong}>{type.name}</bdi>
              <span className={classes.quiet}>{t('minutes', { count: type.durationMinutes })}</span>
              {!isOffline && <NextFree patientApi={patientApi} type={type} doctorId={doctor.id} />}
            </span>
            <Button disabled={isOffline} onClick={() => onBook(doctor.id, type.id)}>
              {t('doctors.book')}
              <span className="visually-hidden"> {type.name}</span>
            </Button>
          </li>
        ))}
      </ul>
    </article>
  )
}

type NextProps = Pick<ProfilesProps, 'patientApi'> & { readonly type: AppointmentType; readonly doctorId: DoctorId }

function NextFree({ patientApi, type, doctorId }: NextProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const next = useNextFree(patientApi, type.id, doctorId)
  if (next === undefined) return null
  return (
    <span className={classes.quiet}>
      {next === null ? t('book-visit.none-free') : t('book-visit.next-free', { time: format.moment(next.start) })}
    </span>
  )
}
