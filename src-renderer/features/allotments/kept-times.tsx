import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AllotmentId } from '#domain/ids.ts'
import type { Allotment } from '#domain/schedule/allotment.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import { useHeldTimes, useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { type AllotmentCalls, createAllotmentCalls } from '#renderer/server-api/allotment-calls.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { showNews, showProblem } from '#renderer/ui/parts/toasts.tsx'
import classes from './kept-times.module.css'

type KeptProps = { readonly api: Pick<ServerApi, 'call'>; readonly clinic: Clinic; readonly day: LocalDay }

/** What other devices keep on a day, folded away until somebody needs one of these times. */
export function KeptTimes({ api, clinic, day }: KeptProps) {
  const { t } = useTranslation()
  const held = useHeldTimes()
  const isOnline = useSyncStatus().connection.phase === 'ready'
  const [asked, setAsked] = useState<AllotmentId | null>(null)
  const leases = held.flatMap(({ lease }) => lease ?? []).filter(({ date }) => date === day)
  const mine = clinic.mayEver('overbook-appointment') ? leases.toSorted(inOrder) : []
  if (mine.length === 0) return null
  return (
    <details className={classes.kept}>
      <summary className={classes.title}>{t('allotment.title', { count: mine.length })}</summary>
      <p className={classes.about}>{t('allotment.about')}</p>
      <ul className={classes.list}>
        {mine.map((lease) => (
          <li key={lease.id} className={classes.row}>
            <Words clinic={clinic} lease={lease} />
            {asked === lease.id ? (
              <Question api={api} lease={lease} onDone={() => setAsked(null)} />
            ) : (
              <AskButton lease={lease} isDisabled={!isOnline} onAsk={() => setAsked(lease.id)} />
            )}
          </li>
        ))}
      </ul>
    </details>
  )
}

const inOrder = (a: Allotment, b: Allotment): number => a.start - b.start || (a.id < b.id ? -1 : 1)

function Words({ clinic, lease }: { readonly clinic: Clinic; readonly lease: Allotment }) {
  const format = useFormat()
  return (
    <span className={classes.words}>
      <time>{format.time(lease.start)}</time> <bdi>{clinic.doctorOf(lease.doctorId)?.name}</bdi>
      <span className={classes.holder}>
        <bdi>{lease.heldByName}</bdi> · <bdi>{lease.deviceName}</bdi>
      </span>
    </span>
  )
}

type AskProps = { readonly lease: Allotment; readonly isDisabled: boolean; readonly onAsk: () => void }

function AskButton({ lease, isDisabled, onAsk }: AskProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const label = t('allotment.take-back')
  return (
    <Button
      size="compact-sm"
      disabled={isDisabled}
      aria-label={`${label}: ${format.time(lease.start)} ${lease.deviceName}`}
      onClick={onAsk}
    >
      {label}
    </Button>
  )
}

type QuestionProps = { readonly api: Pick<ServerApi, 'call'>; readonly lease: Allotment; readonly onDone: () => void }

/** Says since when the device was not heard of, and what taking the time back means, before it is done. */
function Question({ api, lease, onDone }: QuestionProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useFailure()
  const calls = useRef<AllotmentCalls>(createAllotmentCalls(api))
  const heardAt = useLastHeard(calls.current, lease.id)
  const [isBusy, setIsBusy] = useState(false)
  const takeBack = async (): Promise<void> => {
    setIsBusy(true)
    const answer = await calls.current.takeBack(lease.id)
    if (answer.ok) showNews(t('allotment.taken-back', { time: format.time(lease.start) }))
    else showProblem(words(answer))
    onDone()
  }
  const since =
    heardAt === null
      ? t('allotment.never-heard')
      : t('allotment.heard', { device: lease.deviceName, time: heardAt === undefined ? '…' : format.moment(heardAt) })
  return (
    <fieldset className={classes.question} aria-label={t('allotment.take-back')}>
      <p role="status">
        {since} {t('allotment.warning')}
      </p>
      <Button size="compact-sm" autoFocus onClick={onDone}>
        {t('allotment.leave')}
      </Button>
      <Button
        size="compact-sm"
        variant="filled"
        color="danger"
        disabled={isBusy || heardAt === undefined}
        onClick={() => void takeBack()}
      >
        {t('allotment.take-back')}
      </Button>
    </fieldset>
  )
}

/** Undefined until the server has answered. */
function useLastHeard(calls: AllotmentCalls, id: AllotmentId): Instant | null | undefined {
  const [heardAt, setHeardAt] = useState<Instant | null>()
  useEffect(() => {
    let isCurrent = true
    void calls.show(id).then((answer) => {
      if (isCurrent && answer.ok) setHeardAt(answer.value.lastContactAt)
    })
    return () => {
      isCurrent = false
    }
  }, [calls, id])
  return heardAt
}
