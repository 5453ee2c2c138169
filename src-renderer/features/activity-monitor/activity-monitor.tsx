import { Tabs } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { createMessageApi } from '#renderer/server-api/message-api.ts'
import { createPeopleApi } from '#renderer/server-api/people-api.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { ActivityLog } from './activity-log.tsx'
import classes from './activity-monitor.module.css'
import { Alerts, type TabName } from './alerts.tsx'
import { MessageList } from './message-list.tsx'
import { ParkedList } from './parked-list.tsx'
import { ReplyList } from './reply-list.tsx'
import { StateNow } from './state-now.tsx'
import { type Monitor, useMonitor } from './use-monitor.ts'

type MonitorProps = { readonly clinic: Clinic; readonly api: Pick<ServerApi, 'call'> }

/** What happens in the system: what needs somebody on top, how it is now, and what was done. */
export function ActivityMonitor({ clinic, api }: MonitorProps) {
  const { t } = useTranslation()
  const messages = useMemo(() => createMessageApi(api), [api])
  const people = useMemo(() => createPeopleApi(api), [api])
  const monitor = useMonitor(messages)
  const [tab, setTab] = useState<TabName>('now')
  const tabs: readonly TabName[] = [
    'now',
    'audit',
    'messages',
    'parked',
    ...(clinic.mayEver('view-patients') ? (['replies'] as const) : []),
  ]
  return (
    <div className={classes.page}>
      <State monitor={monitor} />
      <Alerts alerts={monitor.answer?.alerts ?? []} onTab={setTab} />
      <Tabs value={tab} onChange={(next) => setTab(next as TabName)} keepMounted={false} className={classes.tabs}>
        <Tabs.List aria-label={t('activity.parts')}>
          {tabs.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`activity.tabs.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="now">{monitor.answer && <StateNow state={monitor.answer.state} />}</Tabs.Panel>
        <Tabs.Panel value="audit" className={classes.filling}>
          <ActivityLog clinic={clinic} api={messages} people={people} />
        </Tabs.Panel>
        <Tabs.Panel value="messages">
          <MessageList api={messages} state={monitor.answer?.state} />
        </Tabs.Panel>
        <Tabs.Panel value="parked">
          <ParkedList api={messages} state={monitor.answer?.state} onDone={monitor.look} />
        </Tabs.Panel>
        <Tabs.Panel value="replies">
          <ReplyList api={messages} />
        </Tabs.Panel>
      </Tabs>
    </div>
  )
}

/** As of when it is, or why it is not newer. */
function State({ monitor: { answer, problem } }: { readonly monitor: Monitor }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (problem?.kind === 'refused') return <p className={classes.away}>{problem.message}</p>
  if (problem) {
    return (
      <p className={classes.away}>
        {answer ? t('activity.away', { time: format.time(answer.at) }) : t('activity.away-nothing')}
      </p>
    )
  }
  if (!answer || answer.alerts.length > 0) return null
  return <p className={classes.well}>{t('activity.well')}</p>
}
