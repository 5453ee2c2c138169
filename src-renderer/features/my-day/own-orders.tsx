import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DoctorId } from '#domain/ids.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useRecalls } from '#renderer/clinic/use-recalls.ts'
import { usePatientLookup, useUnsent } from '#renderer/local-db/local-db-context.tsx'
import { withdrawRecallLocally } from '#renderer/local-db/recalls-store.ts'
import { showUndo } from '#renderer/ui/parts/toasts.tsx'
import classes from './my-day.module.css'

/** The doctor's own orders that stand: which have led to a visit, and which the desk still has to book. */
export function OwnOrders({ clinic, doctorId }: { readonly clinic: Clinic; readonly doctorId: DoctorId }) {
  const { t } = useTranslation()
  const format = useFormat()
  const lookup = usePatientLookup()
  const unsent = useUnsent('waitlist_entries')
  const orders = useRecalls().filter(({ entry }) => entry.doctorIds.includes(doctorId))
  if (orders.length === 0) return null
  return (
    <section className={classes.orders} aria-label={t('recall.own')}>
      <h3>{t('recall.own')}</h3>
      <ul>
        {orders.map(({ entry, visit }) => (
          <li key={entry.id}>
            <bdi className={classes.secret}>{lookup(entry.patientId)?.name ?? t('my-day.no-name')}</bdi>
            <span>
              {visit
                ? t('recall.booked', { time: format.moment(visit.start) })
                : t('recall.week-of', { week: format.day(entry.fromDay) })}
              {unsent.has(entry.id) && ` · ${t('state.to-send')}`}
            </span>
            {!visit && (
              <Button
                variant="subtle"
                size="compact-sm"
                onClick={() => {
                  void withdrawRecallLocally(clinic.desk, entry.id)
                  showUndo(t('recall.withdrawn'), t('undo.button'), () =>
                    withdrawRecallLocally(clinic.desk, entry.id, false),
                  )
                }}
              >
                {t('recall.withdraw')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
