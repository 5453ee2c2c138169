import { Button } from '@mantine/core'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { HandedInChange } from '#domain/api/hand-in-api.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import { wordOf } from '#renderer/clinic/word-of.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import type { PeopleApi } from '#renderer/server-api/people-api.ts'
import { useLoaded } from '#renderer/server-api/use-loaded.ts'
import list from '#renderer/ui/parts/settings-list.module.css'

/** What revoked devices had not sent. Nobody has applied it: whoever reads it does what is still right, and ticks it off. */
export function HandedIn({ api }: { readonly api: PeopleApi }) {
  const { t } = useTranslation()
  const words = useFailure()
  const { value, problem, reload } = useLoaded(useCallback(() => api.listHandedIn(), [api]))
  const [refused, setRefused] = useState<ApiFailure | null>(null)
  const mark = async ({ id, doneAt }: HandedInChange): Promise<void> => {
    const answer = await api.markHandedIn(id, doneAt === null)
    setRefused(answer.ok ? null : answer)
    await reload()
  }
  const why = refused ?? problem
  const changes = value?.changes ?? []
  if (changes.length === 0 && !why) return null
  return (
    <section aria-label={t('settings.devices.handed-in')}>
      <h3>{t('settings.devices.handed-in')}</h3>
      <p className={list.about}>{t('settings.devices.handed-in-about')}</p>
      <div role="alert">{why && <p className={list.problem}>{words(why)}</p>}</div>
      <table className={list.table}>
        <thead>
          <tr>
            <th scope="col">{t('settings.devices.device')}</th>
            <th scope="col">{t('settings.devices.author')}</th>
            <th scope="col">{t('settings.devices.handed-in-at')}</th>
            <th scope="col">{t('settings.devices.change')}</th>
            <th scope="col">
              <span className="visually-hidden">{t('settings.steps')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <Row key={change.id} change={change} onMark={() => void mark(change)} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Row({ change, onMark }: { readonly change: HandedInChange; readonly onMark: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { deviceName, authorName, at, doneAt, doneByName } = change
  return (
    <tr data-off={doneAt !== null || undefined}>
      <th scope="row">
        <bdi>{deviceName || t('settings.people.unnamed-device')}</bdi>
      </th>
      <td>
        <bdi>{authorName}</bdi>
      </td>
      <td>{format.moment(at)}</td>
      <td>
        <Wanted change={change} />
      </td>
      <td data-steps>
        {doneAt !== null && <>{t('settings.devices.done', { name: doneByName, time: format.moment(doneAt) })} </>}
        <Button size="compact-sm" variant="subtle" onClick={onMark}>
          {t(doneAt === null ? 'settings.devices.mark-done' : 'settings.devices.mark-open')}
        </Button>
      </td>
    </tr>
  )
}

/** The collection in words, and each field with what was wanted of it. */
function Wanted({ change: { collection, isDeletion, fields } }: { readonly change: HandedInChange }) {
  const { t, i18n } = useTranslation()
  return (
    <>
      <strong>{wordOf(i18n, 'activity.collections', collection)}</strong>
      {isDeletion && ` · ${t('settings.devices.deletion')}`}
      {fields.map(({ name, wanted }) => (
        <div key={name}>
          {name}
          {wanted !== '' && (
            <>
              {': '}
              <bdi>{wanted}</bdi>
            </>
          )}
        </div>
      ))}
    </>
  )
}
