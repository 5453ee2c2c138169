import { Button, CloseButton } from '@mantine/core'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { addDays, localDayOf } from '#domain/time/clinic-time.ts'
import { type Digest, digestOf, isOutage } from '#renderer/clinic/reconnect-digest.ts'
import { useDesk, useLocalDb, useSyncStatus, useUnsent } from '#renderer/local-db/local-db-context.tsx'
import { appointmentsBetween, readAll } from '#renderer/local-db/queries.ts'
import { useRxQuery } from '#renderer/local-db/use-rx-query.ts'
import classes from './notices.module.css'
import { showScreen } from './view-state.ts'

/** As far as a desk looks ahead in a day's work. */
const DAYS_AHEAD = 14
/** So long what comes over the line counts as from before. */
const ARRIVING_MS = 10_000

type Away = { readonly at: number; readonly before: Promise<readonly Appointment[]>; readonly own: Set<string> }

/** After an outage: what others did meanwhile and how much waits for a decision, in one line that goes when it has been read. */
export function AwayNotice({ needsYou }: { readonly needsYou: number }) {
  const { t } = useTranslation()
  const [digest, dismiss] = useDigest()
  if (!digest) return null
  const parts = [
    digest.booked > 0 && t('away.booked', { count: digest.booked }),
    digest.moved > 0 && t('away.moved', { count: digest.moved }),
    digest.calledOff > 0 && t('away.called-off', { count: digest.calledOff }),
    needsYou > 0 && t('sync.review', { count: needsYou }),
  ].filter(Boolean)
  if (parts.length === 0) return null
  return (
    <div className={classes.notice} role="status" data-tone="calm">
      <span>
        {t('away.title')} {parts.join(', ')}.
      </span>
      {needsYou > 0 && <Button onClick={() => showScreen('inbox')}>{t('away.open')}</Button>}
      <CloseButton size="sm" onClick={dismiss} aria-label={t('panel.close')} />
    </div>
  )
}

type Back = { readonly before: readonly Appointment[]; readonly own: ReadonlySet<string> }

function useDigest(): readonly [Digest | null, () => void] {
  const [back, setBack] = useState<Back | null>(null)
  const [settled, setSettled] = useState<Digest | null>(null)
  const { days } = useDaysAhead()
  useReturn((returned) => {
    setSettled(null)
    setBack(returned)
  })
  // The line is there before everything has come over it: for a while the numbers follow what arrives.
  const after = useRxQuery(useMemo(() => (back ? days() : null), [back, days]))
  const current = useMemo(() => back && after && digestOf(back.before, after, back.own), [back, after])
  const latest = useRef(current)
  latest.current = current
  useEffect(() => {
    if (!back) return
    const timer = setTimeout(() => {
      setSettled(latest.current ?? null)
      setBack(null)
    }, ARRIVING_MS)
    return () => clearTimeout(timer)
  }, [back])
  const dismiss = (): void => {
    setSettled(null)
    setBack(null)
  }
  return [current ?? settled, dismiss]
}

/** Calls back when the server is there again after an outage, with what stood here when it began. */
function useReturn(onReturn: (back: Back) => void): void {
  const { days } = useDaysAhead()
  const { connection, lastSyncAt, waiting } = useSyncStatus()
  const unsent = useUnsent('appointments')
  const away = useRef<Away | null>(null)
  const { phase } = connection
  const isLevel = phase === 'ready' && waiting === 0
  for (const id of unsent) away.current?.own.add(id)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the state of the line calls back
  useEffect(() => {
    if (phase === 'offline') away.current ??= { at: Date.now(), before: readAll(days()), own: new Set(unsent) }
    const last = away.current
    if (!last || !isLevel || lastSyncAt === null || lastSyncAt <= last.at) return
    away.current = null
    if (isOutage(last.at, Date.now())) void last.before.then((before) => onReturn({ before, own: last.own }))
  }, [days, phase, isLevel, lastSyncAt])
}

/** The visits from today on, as far as a desk looks ahead. */
function useDaysAhead() {
  const { database, user } = useLocalDb()
  const { now } = useDesk()
  const { zone } = user.clinic
  const days = useCallback(() => {
    const today = localDayOf(now(), zone)
    return appointmentsBetween(database, today, addDays(today, DAYS_AHEAD))
  }, [database, now, zone])
  return { days }
}
