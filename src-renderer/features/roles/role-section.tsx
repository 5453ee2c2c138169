import { Button } from '@mantine/core'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Grant } from '#domain/access/permissions.ts'
import type { Role } from '#domain/api/user-schemas.ts'
import { type ReachChange, reachChanges } from '#domain/settings/role-matrix.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import type { PeopleApi } from '#renderer/server-api/people-api.ts'
import { useLoaded } from '#renderer/server-api/use-loaded.ts'
import list from '#renderer/ui/parts/settings-list.module.css'
import { NewRole } from './new-role.tsx'
import { RoleMatrix } from './role-matrix.tsx'
import { RolePanel } from './role-panel.tsx'
import classes from './roles.module.css'

/** Role id → what it is to grant, where that was changed here. */
type Drafts = Readonly<Record<string, readonly Grant[]>>

/** What every role may do, as a table; what a change comes to is said in sentences before it is saved. */
export function RoleSection({ api }: { readonly api: PeopleApi }) {
  const { t } = useTranslation()
  const words = useFailure()
  const { value, problem, reload } = useLoaded(useCallback(() => api.listRoles(), [api]))
  const [drafts, setDrafts] = useState<Drafts>({})
  const [openId, setOpenId] = useState<string | null>(null)
  const [refused, setRefused] = useState<ApiFailure | null>(null)
  const roles = value?.roles ?? []
  const wanted = roles.map((role) => ({ ...role, grants: [...(drafts[role.id] ?? role.grants)] }))
  const open = wanted.find(({ id }) => id === openId)
  const changed = roles.flatMap((role) => {
    const changes = reachChanges(role.grants, drafts[role.id] ?? role.grants)
    return changes.length === 0 ? [] : [{ role, changes }]
  })
  const save = async (): Promise<void> => {
    setRefused(null)
    for (const { role } of changed) {
      const answer = await api.changeRole(role.id, { grants: [...(drafts[role.id] ?? [])] })
      if (!answer.ok) {
        setRefused(answer)
        break
      }
      setDrafts(({ [role.id]: _, ...others }) => others)
    }
    await reload()
  }
  const why = refused ?? problem
  return (
    <div className={classes.roles} data-open={open !== undefined || undefined}>
      <div className={classes.listing}>
        <div className={list.bar}>
          <p className={list.about}>{t('settings.roles.about')}</p>
          <NewRole api={api} roles={roles} isQuiet={changed.length > 0} onMade={reload} />
        </div>
        {roles.length > 0 && (
          <RoleMatrix
            // Beside the view of one role there is room for its own column.
            roles={open ? [open] : wanted}
            saved={roles}
            openId={openId}
            onOpen={setOpenId}
            onGrants={(id, grants) => setDrafts({ ...drafts, [id]: grants })}
          />
        )}
        <div role="alert">{why && <p className={list.problem}>{words(why)}</p>}</div>
        <div role="status" className={classes.below}>
          {changed.length > 0 && <Difference changed={changed} onSave={save} onDrop={() => setDrafts({})} />}
        </div>
      </div>
      {open && (
        <RolePanel
          key={open.id}
          api={api}
          role={open}
          onChanged={reload}
          onClose={() => {
            setOpenId(null)
            requestAnimationFrame(() => document.getElementById(`role-${open.id}`)?.focus())
          }}
        />
      )}
    </div>
  )
}

type DifferenceProps = {
  readonly changed: readonly { readonly role: Role; readonly changes: readonly ReachChange[] }[]
  readonly onSave: () => Promise<void>
  readonly onDrop: () => void
}

function Difference({ changed, onSave, onDrop }: DifferenceProps) {
  const { t } = useTranslation()
  return (
    <section className={classes.difference} aria-labelledby="role-difference">
      <h3 id="role-difference">{t('settings.roles.difference')}</h3>
      {changed.map(({ role, changes }) => (
        <div key={role.id}>
          <p>
            <strong>
              <bdi>{role.name}</bdi>
            </strong>{' '}
            <span className={list.quiet}>{t('settings.roles.people', { count: role.userCount })}</span>
          </p>
          <ul>
            {changes.map(({ permission, from, to }) => (
              <li key={permission}>
                {t(
                  from === 'none'
                    ? 'settings.roles.gains'
                    : to === 'none'
                      ? 'settings.roles.loses'
                      : 'settings.roles.reaches',
                  {
                    what: t(`permissions.${permission}`).replace(/\.$/, ''),
                    from: t(`settings.roles.reach.${from}`),
                    to: t(`settings.roles.reach.${to}`),
                  },
                )}
              </li>
            ))}
          </ul>
        </div>
      ))}
      <div className={list.steps}>
        <Button variant="filled" onClick={() => void onSave()}>
          {t('settings.save')}
        </Button>
        <Button onClick={onDrop}>{t('settings.roles.drop')}</Button>
      </div>
    </section>
  )
}
