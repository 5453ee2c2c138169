import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Alternative } from '#domain/api/appointment-api.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { toLocal } from '#domain/time/clinic-time.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import { useHotkeys } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import classes from './sync-inbox.module.css'
import { SHOWN_ALTERNATIVES, useAlternatives } from './use-alternatives.ts'

type OffersProps = {
  readonly clinic: Clinic
  readonly api: Pick<ServerApi, 'alternatives'>
  readonly wanted: Appointment
  readonly onTake: (time: Alternative) => void
}

/** Three free times to offer the patient, on the keys 1 to 3. */
export function Offers({ clinic, api, wanted, onTake }: OffersProps) {
  const { t } = useTranslation()
  const found = useAlternatives(clinic, api, wanted)
  useHotkeys(
    Array.from({ length: SHOWN_ALTERNATIVES }, (_, index) => ({
      keys: `${index + 1}`,
      run: () => {
        const time = found?.times[index]
        if (time) onTake(time)
      },
    })),
  )
  if (!found) return null
  return (
    <section className={classes.offers} aria-label={t('inbox.offer')}>
      <h3>{t('inbox.offer')}</h3>
      {found.times.length === 0 && <p className={classes.quiet}>{t('inbox.no-offer')}</p>}
      <div className={classes.times}>
        {found.times.map((time, index) => (
          <Button
            key={`${time.doctorId}${time.start}`}
            size="sm"
            variant={index === 0 ? 'filled' : 'default'}
            rightSection={<KeyHint keys={`${index + 1}`} />}
            onClick={() => onTake(time)}
          >
            <TimeWords clinic={clinic} time={time} wanted={wanted} />
          </Button>
        ))}
      </div>
      {!found.isSure && found.times.length > 0 && <p className={classes.quiet}>{t('inbox.unsure')}</p>}
    </section>
  )
}

/** The day is said only when it is another one. */
function TimeWords({ clinic, time, wanted }: { clinic: Clinic; time: Alternative; wanted: Appointment }) {
  const format = useFormat()
  const isSameDay = toLocal(time.start, clinic.zone).day === wanted.localDay
  return (
    <span>
      <bdi className="tabular">{isSameDay ? format.time(time.start) : format.moment(time.start)}</bdi>{' '}
      <bdi>{clinic.doctorOf(time.doctorId)?.name}</bdi>
    </span>
  )
}
