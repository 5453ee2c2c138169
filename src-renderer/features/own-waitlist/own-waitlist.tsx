import { Button } from '@mantine/core'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OfferView } from '#domain/api/waitlist-api.ts'
import type { WaitlistEntry } from '#domain/waitlist/waitlist-schemas.ts'
import { accountSentence } from '#renderer/clinic/account-problem.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useLocalDb, usePatientLookup, useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { find } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import type { PatientApi } from '#renderer/server-api/patient-api.ts'
import { ProblemBox } from '#renderer/ui/parts/stack-form.tsx'
import classes from './own-waitlist.module.css'
import { weekdayNames } from './weekday-names.ts'

type WaitlistProps = {
  readonly clinic: Clinic
  readonly patientApi: Pick<PatientApi, 'offers' | 'acceptOffer' | 'declineOffer' | 'stopWaiting'>
}

/** What one waits for, and above it the times that have become free for it. */
export function OwnWaitlist({ clinic, patientApi }: WaitlistProps) {
  const { t } = useTranslation()
  const { database } = useLocalDb()
  const isOffline = useSyncStatus().connection.phase === 'offline'
  const found = useRxQuery(useMemo(() => find(database, 'waitlist_entries'), [database]))
  const entries = (found ?? []).filter(({ status }) => status === 'waiting' || status === 'offered')
  // An offer shows in its entry, which is replicated: when one changes, the offers are asked for again.
  const version = entries.map(({ id, revision }) => `${id} ${revision}`).join()
  const [offers, reload] = useOffers(patientApi, version, isOffline)
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const act = async (answer: Promise<{ readonly ok: true } | ApiFailure>): Promise<void> => {
    const settled = await answer
    setProblem(settled.ok ? null : settled)
    await reload()
  }
  return (
    <>
      <div role="status">
        {offers.length > 0 && (
          <section className={classes.offers} aria-label={t('own-waitlist.offers')}>
            <h2>{t('own-waitlist.offers')}</h2>
            {offers.map((offer) => (
              <Offer
                key={offer.id}
                clinic={clinic}
                offer={offer}
                isOff={isOffline}
                onAccept={() => void act(patientApi.acceptOffer(offer.id))}
                onDecline={() => void act(patientApi.declineOffer(offer.id))}
              />
            ))}
          </section>
        )}
      </div>
      <ProblemBox>{problem && accountSentence(t, problem)}</ProblemBox>
      {entries.length > 0 && (
        <section aria-label={t('own-waitlist.title')}>
          <h2>{t('own-waitlist.title')}</h2>
          <ul className={classes.entries}>
            {entries.map((entry) => (
              <Entry
                key={entry.id}
                clinic={clinic}
                entry={entry}
                isOff={isOffline}
                onLeave={() => void act(patientApi.stopWaiting(entry))}
              />
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

const NONE: readonly OfferView[] = []

function useOffers(
  api: Pick<PatientApi, 'offers'>,
  version: string,
  isOffline: boolean,
): readonly [readonly OfferView[], () => Promise<void>] {
  const [offers, setOffers] = useState(NONE)
  const load = useCallback(async (): Promise<void> => {
    const answer = await api.offers()
    if (answer.ok) setOffers(answer.value.offers.filter(({ status }) => status === 'open'))
  }, [api])
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` asks again
  useEffect(() => {
    if (!isOffline) void load()
  }, [load, version, isOffline])
  return [offers, load]
}

type OfferProps = Pick<WaitlistProps, 'clinic'> & {
  readonly offer: OfferView
  readonly isOff: boolean
  readonly onAccept: () => void
  readonly onDecline: () => void
}

function Offer({ clinic, offer, isOff, onAccept, onDecline }: OfferProps) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <article className={classes.offer}>
      <p>
        <strong>{format.moment(offer.start)}</strong> · <bdi>{clinic.typeOf(offer.typeId)?.name}</bdi> ·{' '}
        <bdi>{clinic.doctorOf(offer.doctorId)?.name}</bdi>
        <ForOther clinic={clinic} patientId={offer.patientId} />
      </p>
      <p className={classes.until}>{t('own-waitlist.kept-until', { time: format.moment(offer.expiresAt) })}</p>
      <div className={classes.buttons}>
        <Button disabled={isOff} onClick={onDecline}>
          {t('own-waitlist.decline')}
        </Button>
        <Button disabled={isOff} onClick={onAccept}>
          {t('own-waitlist.accept')}
        </Button>
      </div>
    </article>
  )
}

type EntryProps = Pick<WaitlistProps, 'clinic'> & {
  readonly entry: WaitlistEntry
  readonly isOff: boolean
  readonly onLeave: () => void
}

function Entry({ clinic, entry, isOff, onLeave }: EntryProps) {
  const { t } = useTranslation()
  const doctors = entry.doctorIds.map((id) => clinic.doctorOf(id)?.name).filter(Boolean)
  return (
    <li className={classes.entry}>
      <div>
        <p className={classes.strong}>
          {clinic.typeOf(entry.typeId)?.name}
          <ForOther clinic={clinic} patientId={entry.patientId} />
        </p>
        <p className={classes.quiet}>
          {doctors.length > 0 ? doctors.join(', ') : t('book-visit.any-doctor')} · <When entry={entry} />
        </p>
      </div>
      <Button disabled={isOff} onClick={onLeave}>
        {t('own-waitlist.stop')}
      </Button>
    </li>
  )
}

/** On which days, in which part of the day, until when. */
function When({ entry: { weekdays, fromTime, untilTime, untilDay } }: Pick<EntryProps, 'entry'>) {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const names = weekdayNames(i18n.language)
  const days = weekdays.length === 0 ? t('own-waitlist.any-day') : weekdays.map((day) => names[day - 1]).join(', ')
  const time = [
    fromTime && t('own-waitlist.from-time', { time: fromTime }),
    untilTime && t('own-waitlist.until-time', { time: untilTime }),
  ]
  const end = untilDay && t('own-waitlist.until-day', { day: format.day(untilDay) })
  return [days, ...time, end].filter(Boolean).join(', ')
}

function ForOther({ clinic, patientId }: Pick<WaitlistProps, 'clinic'> & Pick<WaitlistEntry, 'patientId'>) {
  const { t } = useTranslation()
  const patient = usePatientLookup()(patientId)
  if (clinic.subject.patientIds.length < 2 || !patient) return null
  return (
    <>
      {' '}
      · {t('own-visits.for')} <bdi>{patient.name}</bdi>
    </>
  )
}
