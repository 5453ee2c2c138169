import { useTranslation } from 'react-i18next'
import type { WaitlistEntry } from '#domain/waitlist/waitlist-schemas.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useRecalls } from '#renderer/clinic/use-recalls.ts'
import { usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import classes from './recall-list.module.css'

type ListProps = { readonly clinic: Clinic; readonly onBook: (entry: WaitlistEntry) => void }

/** Whom doctors want to see again and nobody has booked yet: one press begins the booking. */
export function RecallList({ clinic, onBook }: ListProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const lookup = usePatientLookup()
  const open = useRecalls().filter(({ visit }) => visit === undefined)
  if (open.length === 0) return null
  return (
    <section aria-label={t('recall.title')}>
      <h2 className={classes.title}>
        {t('recall.title')} <span className={classes.total}>{open.length}</span>
      </h2>
      {open.map(({ entry }) => (
        <button key={entry.id} type="button" className={classes.row} onClick={() => onBook(entry)}>
          <bdi className={classes.name}>{lookup(entry.patientId)?.name ?? '…'}</bdi>
          <span className={classes.week}>{t('recall.week-of', { week: format.day(entry.fromDay) })}</span>
          <span className={classes.about}>
            {[...entry.doctorIds.map((id) => clinic.doctorOf(id)?.name), clinic.typeOf(entry.typeId)?.name, entry.note]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </button>
      ))}
    </section>
  )
}
