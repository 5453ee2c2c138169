import { useTranslation } from 'react-i18next'
import type { DoctorId } from '#domain/ids.ts'
import { DoctorFace } from '#renderer/clinic/doctor-face.tsx'
import { useFormat } from '#renderer/clinic/format.ts'
import { useNextFree } from '#renderer/clinic/use-next-free.ts'
import { offers } from '#renderer/local-db/desk.ts'
import type { BookProps } from './book-props.ts'
import classes from './book-visit.module.css'
import type { Draft } from './draft.ts'

type DoctorProps = Pick<BookProps, 'clinic' | 'patientApi'> & {
  readonly draft: Draft
  readonly isOffline: boolean
  readonly onPick: (id: DoctorId | 'any') => void
}

/** A doctor, or whoever is free first; each with the next free time for what was chosen. */
export function DoctorStep({ clinic, patientApi, draft, isOffline, onPick }: DoctorProps) {
  const { t } = useTranslation()
  const { typeId } = draft
  const type = typeId && clinic.typeOf(typeId)
  const doctors = clinic.doctors.filter(({ id }) => type && offers(type, id))
  return (
    <ul className={classes.choices}>
      {doctors.length > 1 && (
        <li>
          <button type="button" className={classes.choice} onClick={() => onPick('any')}>
            <span className={classes.strong}>{t('book-visit.any-doctor')}</span>
            {!isOffline && <NextFree patientApi={patientApi} typeId={typeId} doctorId={null} />}
          </button>
        </li>
      )}
      {doctors.map((doctor) => (
        <li key={doctor.id}>
          <button type="button" className={classes.choice} onClick={() => onPick(doctor.id)}>
            <DoctorFace doctor={doctor} />
            {!isOffline && <NextFree patientApi={patientApi} typeId={typeId} doctorId={doctor.id} />}
          </button>
        </li>
      ))}
    </ul>
  )
}

type NextProps = Pick<BookProps, 'patientApi'> & {
  readonly typeId: Draft['typeId']
  readonly doctorId: DoctorId | null
}

function NextFree({ patientApi, typeId, doctorId }: NextProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const next = useNextFree(patientApi, typeId, doctorId)
  if (next === undefined) return <span className={classes.quiet} />
  return (
    <span className={classes.quiet}>
      {next === null ? t('book-visit.none-free') : t('book-visit.next-free', { time: format.moment(next.start) })}
    </span>
  )
}
