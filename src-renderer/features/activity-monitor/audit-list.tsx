import { Button, Select, TextInput } from '@mantine/core'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AUDIT_DOORS } from '#domain/access/via.ts'
import type { ActivityEntry } from '#domain/api/activity-api.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { wordOf } from '#renderer/clinic/word-of.ts'
import type { ActivityQuery, MessageApi } from '#renderer/server-api/message-api.ts'
import { usePages } from '#renderer/server-api/use-pages.ts'
import classes from './activity-monitor.module.css'
import { ListFoot } from './list-foot.tsx'

/** What people look for, as the log's own filters have it. */
const KINDS = {
  all: {},
  'sign-ins': { action: 'logged-in' },
  'refused-sign-ins': { action: 'log-in-refused' },
  bookings: { action: 'created', collection: 'appointments' },
  changes: { action: 'changed', collection: 'appointments' },
  conflicts: { action: 'refused', door: 'sync' },
  refusals: { action: 'refused' },
  opened: { action: 'opened' },
} as const satisfies Record<string, ActivityQuery>
type Kind = keyof typeof KINDS

type Filter = {
  readonly kind: Kind
  readonly door: string
  readonly from: string
  readonly to: string
  readonly who: { readonly id: string; readonly name: string } | null
}
const EVERYTHING: Filter = { kind: 'all', door: '', from: '', to: '', who: null }

/** The audit log: who did, saw or was refused what. It is read once and then grows on demand, because each look is noted. */
export function AuditList({ api }: { readonly api: Pick<MessageApi, 'listActivity'> }) {
  const { t } = useTranslation()
  const [filter, setFilter] = useState(EVERYTHING)
  const load = useCallback(
    async (cursor: string | undefined) => {
      const answer = await api.listActivity({ ...queryOf(filter), ...(cursor !== undefined && { cursor }) })
      if (!answer.ok) return answer
      const { entries, nextCursor } = answer.value
      return { ok: true, value: { rows: entries, nextCursor } } as const
    },
    [api, filter],
  )
  const pages = usePages<ActivityEntry>(load)
  return (
    <>
      <Filters filter={filter} onFilter={setFilter} onReload={pages.reload} />
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('activity.audit.when')}</th>
            <th scope="col">{t('activity.audit.who')}</th>
            <th scope="col">{t('activity.audit.what')}</th>
            <th scope="col">{t('activity.audit.door')}</th>
          </tr>
        </thead>
        <tbody>
          {pages.rows.map((entry, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the log has no ids, and grows at its end only
            <Row key={index} entry={entry} onWho={(who) => setFilter({ ...filter, who })} />
          ))}
        </tbody>
      </table>
      <ListFoot pages={pages} />
    </>
  )
}

function queryOf({ kind, door, from, to, who }: Filter): ActivityQuery {
  const chosen = { ...(door !== '' && { door }), ...KINDS[kind] }
  return { limit: '50', ...chosen, ...(from && { from }), ...(to && { to }), ...(who && { userId: who.id }) }
}

type FiltersProps = {
  readonly filter: Filter
  readonly onFilter: (filter: Filter) => void
  readonly onReload: () => void
}

function Filters({ filter, onFilter, onReload }: FiltersProps) {
  const { t } = useTranslation()
  const kinds = Object.keys(KINDS) as Kind[]
  return (
    <search className={classes.filters}>
      <Select
        label={t('activity.audit.what')}
        data={kinds.map((value) => ({ value, label: t(`activity.audit.kinds.${value}`) }))}
        value={filter.kind}
        onChange={(kind) => onFilter({ ...filter, kind: kind as Kind })}
      />
      <Select
        label={t('activity.audit.door')}
        data={['' as const, ...AUDIT_DOORS].map((value) => ({
          value,
          label: value === '' ? t('activity.audit.any-door') : t(`activity.doors.${value}`),
        }))}
        value={filter.door}
        onChange={(door) => onFilter({ ...filter, door: door ?? '' })}
      />
      {(['from', 'to'] as const).map((end) => (
        <TextInput
          key={end}
          type="date"
          label={t(`activity.audit.${end}`)}
          value={filter[end]}
          onChange={(event) => onFilter({ ...filter, [end]: event.currentTarget.value })}
        />
      ))}
      {filter.who && (
        <Button onClick={() => onFilter({ ...filter, who: null })}>
          {t('activity.audit.everybody', { name: filter.who.name })}
        </Button>
      )}
      <Button onClick={onReload}>{t('activity.reload')}</Button>
    </search>
  )
}

type RowProps = { readonly entry: ActivityEntry; readonly onWho: (who: Filter['who']) => void }

function Row({ entry, onWho }: RowProps) {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const { at, userId, userName, action, collection, documentCount, door, deviceName, detail } = entry
  const about = collection === '' ? '' : wordOf(i18n, 'activity.collections', collection)
  const why = String(detail.code ?? detail.reason ?? '')
  return (
    <tr>
      <td>{format.moment(at)}</td>
      <td>
        {userId && userName ? (
          <Button
            variant="subtle"
            size="compact-sm"
            className={classes.name}
            title={t('activity.audit.only', { name: userName })}
            onClick={() => onWho({ id: userId, name: userName })}
          >
            <bdi>{userName}</bdi>
          </Button>
        ) : (
          t(userId ? 'activity.audit.somebody' : 'activity.audit.nobody')
        )}
      </td>
      <td>
        {wordOf(i18n, 'activity.actions', action)}
        {about && <span className={classes.quiet}> · {about}</span>}
        {documentCount > 1 && <span className={classes.quiet}> × {documentCount}</span>}
        {why && <span className={classes.quiet}> · {wordOf(i18n, 'refusal', why)}</span>}
      </td>
      <td>
        {door && wordOf(i18n, 'activity.doors', door)}
        {deviceName && (
          <span className={classes.quiet}>
            {' · '}
            <bdi>{deviceName}</bdi>
          </span>
        )}
      </td>
    </tr>
  )
}
