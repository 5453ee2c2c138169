import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { SystemStateView } from '#domain/api/monitor-api.ts'
import { DELIVERY_STATUSES } from '#domain/message/delivery.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { wordOf } from '#renderer/clinic/word-of.ts'
import classes from './activity-monitor.module.css'

type StateProps = { readonly state: SystemStateView }

/** How the system is now, in counts. */
export function StateNow({ state }: StateProps) {
  const { t } = useTranslation()
  return (
    <div className={classes.now}>
      <Part title={t('activity.now.services')}>
        <Services state={state} />
      </Part>
      <Part title={t('activity.now.deliveries')}>
        <Deliveries state={state} />
      </Part>
      <Part title={t('activity.now.queues')}>
        <Queues state={state} />
      </Part>
      <Part title={t('activity.now.jobs')}>
        <Jobs state={state} />
      </Part>
    </div>
  )
}

const Part = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <section aria-label={title} className={classes.part}>
    <h2>{title}</h2>
    {children}
  </section>
)

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

function Services({ state: { services } }: StateProps) {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">{t('activity.now.service')}</th>
          <th scope="col">{t('activity.now.last-run')}</th>
          <th scope="col">{t('activity.now.since')}</th>
        </tr>
      </thead>
      <tbody>
        {services.map(({ service, startedAt, lastRunAt, isSilent }) => (
          <tr key={`${service} ${startedAt}`}>
            <th scope="row">{wordOf(i18n, 'activity.services', service)}</th>
            <td data-warning={isSilent || undefined}>
              {format.moment(lastRunAt)} {isSilent && t('activity.now.silent')}
            </td>
            <td>{format.moment(startedAt)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Deliveries({ state: { notifications } }: StateProps) {
  const { t, i18n } = useTranslation()
  const types = ['email', 'sms', 'websocket'] as const
  const countOf = (type: string, status: string): number =>
    notifications.find((each) => each.type === type && each.status === status)?.count ?? 0
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">{t('activity.now.channel')}</th>
          {DELIVERY_STATUSES.map((status) => (
            <th key={status} scope="col" data-number>
              {t(`told.statuses.${status}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {types.map((type) => (
          <tr key={type}>
            <th scope="row">{wordOf(i18n, 'told.types', type)}</th>
            {DELIVERY_STATUSES.map((status) => {
              const count = countOf(type, status)
              return (
                <td key={status} data-number data-warning={(status === 'parked' && count > 0) || undefined}>
                  {count}
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Queues({ state: { bus, outbox, parked } }: StateProps) {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const aside = (consumer: string, status: string): number =>
    parked.find((each) => each.consumer === consumer && each.status === status)?.count ?? 0
  const consumers = [...new Set([...bus.queues, ...parked].map(({ consumer }) => consumer))]
  return (
    <>
      <dl className={classes.facts}>
        <Fact name={t(`activity.now.bus.${bus.kind}`)}>{t(bus.isUp ? 'activity.now.up' : 'activity.now.down')}</Fact>
        <Fact name={t('activity.now.outbox')}>
          {outbox.count}
          {outbox.oldestAt !== null && ` ${t('activity.now.oldest', { time: format.moment(outbox.oldestAt) })}`}
        </Fact>
      </dl>
      {consumers.length > 0 && (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('activity.now.queue')}</th>
              <th scope="col" data-number>
                {t('activity.now.waiting')}
              </th>
              <th scope="col" data-number>
                {t('activity.now.trying')}
              </th>
              <th scope="col" data-number>
                {t('activity.now.aside')}
              </th>
            </tr>
          </thead>
          <tbody>
            {consumers.map((consumer) => (
              <tr key={consumer}>
                <th scope="row">{wordOf(i18n, 'activity.services', consumer)}</th>
                <td data-number>{bus.queues.find((queue) => queue.consumer === consumer)?.waiting ?? 0}</td>
                <td data-number>{aside(consumer, 'waiting')}</td>
                <td data-number data-warning={aside(consumer, 'parked') > 0 || undefined}>
                  {aside(consumer, 'parked')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}

function Jobs({ state: { reminders, reports, sockets } }: StateProps) {
  const { t, i18n } = useTranslation()
  return (
    <dl className={classes.facts}>
      <Fact name={t('activity.now.reminders-due')}>{reminders.due}</Fact>
      <Fact name={t('activity.now.reminders-waiting')}>{reminders.waiting}</Fact>
      {reports.map(({ status, count }) => (
        <Fact key={status} name={wordOf(i18n, 'activity.now.reports', status)}>
          {count}
        </Fact>
      ))}
      <Fact name={t('activity.now.sockets')}>{sockets}</Fact>
    </dl>
  )
}
