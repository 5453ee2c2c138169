import { Button, Select, TextInput } from '@mantine/core'
import { useCallback, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClinicUser, Role } from '#domain/api/user-schemas.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import type { PeopleApi } from '#renderer/server-api/people-api.ts'
import { useLoaded } from '#renderer/server-api/use-loaded.ts'
import { usePages } from '#renderer/server-api/use-pages.ts'
import list from '#renderer/ui/parts/settings-list.module.css'
import { Invitations } from './invitations.tsx'
import { InviteForm } from './invite-form.tsx'
import classes from './people.module.css'
import { PersonPanel } from './person-panel.tsx'

type PeopleProps = { readonly clinic: Clinic; readonly api: PeopleApi }
type Open = { readonly kind: 'person'; readonly user: ClinicUser } | { readonly kind: 'invite' } | null

/** Everybody with an account in the clinic: looked up, opened beside the list, invited. */
export function PeopleSection({ clinic, api }: PeopleProps) {
  const { t } = useTranslation()
  const words = useFailure()
  const [search, setSearch] = useState('')
  const [roleId, setRoleId] = useState('')
  const [open, setOpen] = useState<Open>(null)
  const last = useRef<HTMLElement | null>(null)
  const { value: roles } = useLoaded(useCallback(() => api.listRoles(), [api]))
  const load = useCallback(
    async (cursor: string | undefined) => {
      const answer = await api.listUsers({ search: search.trim(), roleId, limit: '50', cursor })
      if (!answer.ok) return answer
      return { ok: true, value: { rows: answer.value.users, nextCursor: answer.value.nextCursor } } as const
    },
    [api, search, roleId],
  )
  const people = usePages<ClinicUser>(load)
  const show = (next: Open): void => {
    last.current = document.activeElement as HTMLElement | null
    setOpen(next)
  }
  const close = (): void => {
    setOpen(null)
    requestAnimationFrame(() => last.current?.focus())
  }
  const changed = (user: ClinicUser): void => {
    people.replace(({ id }) => id === user.id, user)
    setOpen({ kind: 'person', user })
  }
  return (
    <div className={classes.people} data-open={open !== null || undefined}>
      <div className={classes.listing}>
        <search className={list.bar}>
          <TextInput
            label={t('settings.people.search')}
            value={search}
            maxLength={80}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          <Select
            label={t('settings.people.role')}
            data={[
              { value: '', label: t('settings.people.any-role') },
              ...(roles?.roles ?? []).map(({ id, name }) => ({ value: id as string, label: name })),
            ]}
            value={roleId}
            onChange={(next) => setRoleId(next ?? '')}
          />
          <span className={classes.space} />
          <Button variant={open === null ? 'filled' : 'default'} onClick={() => show({ kind: 'invite' })}>
            {t('settings.people.invite')}
          </Button>
        </search>
        <div role="alert">{people.problem && <p className={list.problem}>{words(people.problem)}</p>}</div>
        <PeopleTable
          people={people.rows}
          openId={open?.kind === 'person' ? open.user.id : null}
          onOpen={(user) => show({ kind: 'person', user })}
        />
        <p role="status" className={list.quiet}>
          {!people.isBusy && !people.problem && people.rows.length === 0 && t('settings.people.nobody')}
        </p>
        {people.more && <Button onClick={people.more}>{t('settings.more')}</Button>}
        <Invitations api={api} roles={roles?.roles ?? []} version={open} />
      </div>
      {open && (
        <Panel clinic={clinic} api={api} open={open} roles={roles?.roles ?? []} onChanged={changed} onClose={close} />
      )}
    </div>
  )
}

type PanelProps = PeopleProps & {
  readonly open: NonNullable<Open>
  readonly roles: readonly Role[]
  readonly onChanged: (user: ClinicUser) => void
  readonly onClose: () => void
}

function Panel({ clinic, api, open, roles, onChanged, onClose }: PanelProps) {
  if (open.kind === 'invite') return <InviteForm clinic={clinic} api={api} roles={roles} onClose={onClose} />
  return (
    <PersonPanel
      key={open.user.id}
      clinic={clinic}
      api={api}
      user={open.user}
      roles={roles}
      onChanged={onChanged}
      onClose={onClose}
    />
  )
}

type TableProps = {
  readonly people: readonly ClinicUser[]
  readonly openId: string | null
  readonly onOpen: (user: ClinicUser) => void
}

function PeopleTable({ people, openId, onOpen }: TableProps) {
  const { t } = useTranslation()
  if (people.length === 0) return null
  return (
    <table className={list.table}>
      <thead>
        <tr>
          <th scope="col">{t('settings.name')}</th>
          <th scope="col">{t('settings.people.email')}</th>
          <th scope="col">{t('settings.people.roles')}</th>
          <th scope="col">
            <span className="visually-hidden">{t('settings.steps')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {people.map((user) => (
          <tr key={user.id} data-off={!user.isActive || undefined} data-current={user.id === openId || undefined}>
            <th scope="row">
              <bdi>{user.name}</bdi>
              {!user.isActive && <span className={list.quiet}> · {t('settings.switched-off')}</span>}
            </th>
            <td>
              <bdi>{user.email}</bdi>
            </td>
            <td>{user.roles.map(({ name }) => name).join(', ')}</td>
            <td data-steps>
              <Button
                size="compact-sm"
                variant="subtle"
                aria-expanded={user.id === openId}
                aria-label={`${t('settings.open')}: ${user.name}`}
                onClick={() => onOpen(user)}
              >
                {t('settings.open')}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
