import { Button, CloseButton } from '@mantine/core'
import { useCallback, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { ActivityEntry } from '#domain/api/activity-api.ts'
import type { Token } from '#domain/settings/activity-tokens.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import { wordOf } from '#renderer/clinic/word-of.ts'
import { usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import type { MessageApi } from '#renderer/server-api/message-api.ts'
import { useLoaded } from '#renderer/server-api/use-loaded.ts'
import { useHotkeys } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import list from '#renderer/ui/parts/settings-list.module.css'
import classes from './activity-monitor.module.css'
import { valueInWords } from './value-in-words.ts'

type PanelProps = {
  readonly clinic: Clinic
  readonly api: Pick<MessageApi, 'visitChange'>
  readonly entry: ActivityEntry
  readonly onToken: (token: Token) => void
  readonly onClose: () => void
}

/** One row of the log: everything it says, and of a changed visit what it was before and after. */
export function ActivityEntryPanel({ clinic, api, entry, onToken, onClose }: PanelProps) {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const title = useRef<HTMLHeadingElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another entry is read from its title on
  useEffect(() => title.current?.focus(), [entry])
  useHotkeys([{ keys: 'Escape', run: onClose }])
  const { at, userId, userName, action, collection, door, deviceId, deviceName, documentCount, detail } = entry
  const why = String(detail.code ?? detail.reason ?? '')
  const facts: [string, string][] = [
    [t('activity.audit.when'), format.moment(at)],
    [t('activity.audit.who'), userName ?? t(userId ? 'activity.audit.somebody' : 'activity.audit.nobody')],
    ...(collection ? [[t('activity.audit.about'), wordOf(i18n, 'activity.collections', collection)] as const] : []),
    ...(documentCount > 1 ? [[t('activity.audit.count'), String(documentCount)] as const] : []),
    ...(door ? [[t('activity.audit.door'), wordOf(i18n, 'activity.doors', door)] as const] : []),
    ...(deviceName ? [[t('activity.tokens.desk'), deviceName] as const] : []),
    ...(why ? [[t('activity.audit.why'), wordOf(i18n, 'refusal', why)] as const] : []),
  ].map(([name, value]) => [name, value])
  const visit = visitOf(clinic, entry)
  return (
    <section className={classes.entry} aria-labelledby="activity-entry">
      <div className={classes.entryHead}>
        <h2 id="activity-entry" ref={title} tabIndex={-1}>
          {wordOf(i18n, 'activity.actions', action)}
        </h2>
        <CloseButton aria-label={t('settings.close')} onClick={onClose} />
      </div>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      {visit && <Change key={`${visit.id} ${visit.revision}`} clinic={clinic} api={api} {...visit} />}
      <div className={list.steps}>
        {userId && userName && (
          <Button onClick={() => onToken({ key: 'who', value: userId, label: userName })}>
            {t('activity.audit.only', { name: userName })}
          </Button>
        )}
        {deviceId && deviceName && (
          <Button onClick={() => onToken({ key: 'desk', value: deviceId, label: deviceName })}>
            {t('activity.audit.only', { name: deviceName })}
          </Button>
        )}
        <Button
          onClick={() => onToken({ key: 'action', value: action, label: wordOf(i18n, 'activity.actions', action) })}
        >
          {t('activity.audit.only', { name: wordOf(i18n, 'activity.actions', action) })}
        </Button>
      </div>
    </section>
  )
}

/** The visit and its revision that a row is about, for readers who may see visits. */
function visitOf(clinic: Clinic, { collection, documentIds, documentCount, detail }: ActivityEntry) {
  const [id] = documentIds
  const { revision } = detail
  if (collection !== 'appointments' || documentCount !== 1 || id === undefined || typeof revision !== 'number')
    return null
  return clinic.mayEver('view-appointments') ? { id, revision } : null
}

type ChangeProps = Pick<PanelProps, 'clinic' | 'api'> & { readonly id: string; readonly revision: number }

function Change({ clinic, api, id, revision }: ChangeProps) {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const words = useFailure()
  const lookup = usePatientLookup()
  const { value, problem } = useLoaded(useCallback(() => api.visitChange(id, revision), [api, id, revision]))
  const shown = (field: string, text: string | null): string =>
    text === null ? '–' : valueInWords({ clinic, format, i18n, lookup }, field, text)
  if (problem) return <p className={list.problem}>{words(problem)}</p>
  if (!value) return null
  if (value.fields.length === 0) return <p className={list.quiet}>{t('activity.audit.same')}</p>
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <td />
          <th scope="col">{t('activity.audit.before')}</th>
          <th scope="col">{t('activity.audit.after')}</th>
        </tr>
      </thead>
      <tbody>
        {value.fields.map(({ field, before, after }) => (
          <tr key={field}>
            <th scope="row">{wordOf(i18n, 'activity.fields', field)}</th>
            <td>
              <bdi>{shown(field, before)}</bdi>
            </td>
            <td>
              <bdi>{shown(field, after)}</bdi>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
