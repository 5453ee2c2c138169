import { Button, TextInput } from '@mantine/core'
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CalendarFeed } from '#domain/api/calendar-feed-api.ts'
import type { PatientId } from '#domain/ids.ts'
import { accountSentence } from '#renderer/clinic/account-problem.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import type { PatientApi } from '#renderer/server-api/patient-api.ts'
import { ProblemBox } from '#renderer/ui/parts/stack-form.tsx'
import { TitledSection } from '#renderer/ui/parts/titled-section.tsx'
import classes from './own-calendar.module.css'

type CalendarProps = {
  readonly patientApi: Pick<PatientApi, 'feeds' | 'addFeed' | 'endFeed'>
  readonly patientIds: readonly PatientId[]
  readonly isOffline: boolean
}

/** Addresses from which the person's own calendar reads the visits; each is shown once and can be ended. */
export function OwnCalendar({ patientApi, patientIds, isOffline }: CalendarProps) {
  const { t } = useTranslation()
  const lookup = usePatientLookup()
  const [feeds, setFeeds] = useState<readonly CalendarFeed[]>([])
  const [url, setUrl] = useState<string | null>(null)
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const load = useCallback(async (): Promise<void> => {
    const answer = await patientApi.feeds()
    if (answer.ok) setFeeds(answer.value.feeds)
  }, [patientApi])
  useEffect(() => {
    if (!isOffline) void load()
  }, [isOffline, load])
  const add = async (id: PatientId): Promise<void> => {
    const answer = await patientApi.addFeed(id)
    setProblem(answer.ok ? null : answer)
    if (answer.ok) setUrl(answer.value.url)
    await load()
  }
  const end = async ({ id }: CalendarFeed): Promise<void> => {
    const answer = await patientApi.endFeed(id)
    setProblem(answer.ok ? null : answer)
    setUrl(null)
    await load()
  }
  return (
    <TitledSection title={t('own-calendar.title')} state={t('own-calendar.about')}>
      <ProblemBox>{problem && accountSentence(t, problem)}</ProblemBox>
      {url !== null && <Address url={url} />}
      <ul className={classes.list}>
        {feeds.map((feed) => (
          <Feed key={feed.id} feed={feed} isOffline={isOffline} onEnd={() => void end(feed)} />
        ))}
      </ul>
      <div className={classes.buttons}>
        {patientIds.map((id) => (
          <Button key={id} disabled={isOffline} onClick={() => void add(id)}>
            {patientIds.length === 1
              ? t('own-calendar.add')
              : t('own-calendar.add-for', { name: lookup(id)?.name ?? '' })}
          </Button>
        ))}
      </div>
    </TitledSection>
  )
}

function Address({ url }: { readonly url: string }) {
  const { t } = useTranslation()
  const [isCopied, setIsCopied] = useState(false)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(url)
    setIsCopied(true)
  }
  return (
    <div className={classes.address}>
      <TextInput
        label={t('own-calendar.address')}
        description={t('own-calendar.once')}
        readOnly
        dir="ltr"
        value={url}
      />
      <Button onClick={() => void copy()}>{t(isCopied ? 'factor.copied' : 'factor.copy')}</Button>
    </div>
  )
}

type FeedProps = { readonly feed: CalendarFeed; readonly isOffline: boolean; readonly onEnd: () => void }

function Feed({ feed, isOffline, onEnd }: FeedProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const name = usePatientLookup()((feed.patientId ?? '') as PatientId)?.name ?? ''
  return (
    <li className={classes.feed}>
      <span>
        <bdi>{name}</bdi>{' '}
        <span className={classes.quiet}>
          {feed.lastReadAt === null
            ? t('own-calendar.never-read')
            : t('own-calendar.last-read', { time: format.moment(feed.lastReadAt) })}
        </span>
      </span>
      <Button disabled={isOffline} onClick={onEnd}>
        {t('own-calendar.end')}
        <span className="visually-hidden"> {name}</span>
      </Button>
    </li>
  )
}
