import { UnstyledButton } from '@mantine/core'
import { Fragment, memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Grant, Permission } from '#domain/access/permissions.ts'
import type { Role } from '#domain/api/user-schemas.ts'
import {
  PERMISSION_GROUPS,
  type PermissionGroup,
  REACHES,
  type Reach,
  reachOf,
  withReach,
} from '#domain/settings/role-matrix.ts'
import list from '#renderer/ui/parts/settings-list.module.css'
import classes from './roles.module.css'

type MatrixProps = {
  /** As they stand here, changes included. */
  readonly roles: readonly Role[]
  readonly saved: readonly Role[]
  readonly openId: string | null
  readonly onOpen: (id: string | null) => void
  readonly onGrants: (id: string, grants: readonly Grant[]) => void
}

/** Permissions down, roles across. The cells are the browser's own lists: a hundred of them must cost nothing. */
export function RoleMatrix({ roles, saved, openId, onOpen, onGrants }: MatrixProps) {
  const { t } = useTranslation()
  return (
    <table className={classes.matrix}>
      <thead>
        <tr>
          <td />
          {roles.map(({ id, name, userCount }) => (
            <th key={id} scope="col">
              <UnstyledButton
                id={`role-${id}`}
                className={classes.roleName}
                aria-expanded={id === openId}
                aria-label={t('settings.roles.see-as', { role: name })}
                onClick={() => onOpen(id === openId ? null : id)}
              >
                <bdi>{name}</bdi>
              </UnstyledButton>
              <span className={list.quiet}>{t('settings.roles.people', { count: userCount })}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {(Object.keys(PERMISSION_GROUPS) as PermissionGroup[]).map((group) => (
          <Fragment key={group}>
            <tr>
              <th scope="rowgroup" colSpan={roles.length + 1} className={classes.group}>
                {t(`settings.roles.groups.${group}`)}
              </th>
            </tr>
            {PERMISSION_GROUPS[group].map((permission) => (
              <tr key={permission}>
                <th scope="row">{t(`permissions.${permission}`).replace(/\.$/, '')}</th>
                {roles.map((role) => {
                  const reach = reachOf(role.grants, permission)
                  return (
                    <td key={role.id}>
                      <Cell
                        label={`${t(`permissions.${permission}`)} ${role.name}`}
                        reach={reach}
                        isChanged={reach !== reachOf(saved.find(({ id }) => id === role.id)?.grants ?? [], permission)}
                        onReach={(next) => onGrants(role.id, withReach(role.grants, permission as Permission, next))}
                      />
                    </td>
                  )
                })}
              </tr>
            ))}
          </Fragment>
        ))}
      </tbody>
    </table>
  )
}

type CellProps = {
  readonly label: string
  readonly reach: Reach
  readonly isChanged: boolean
  readonly onReach: (reach: Reach) => void
}

const Cell = memo(function Cell({ label, reach, isChanged, onReach }: CellProps) {
  const { t } = useTranslation()
  return (
    <select
      className={classes.cell}
      aria-label={label}
      data-reach={reach}
      data-changed={isChanged || undefined}
      value={reach}
      onChange={(event) => onReach(event.currentTarget.value as Reach)}
    >
      {REACHES.map((value) => (
        <option key={value} value={value}>
          {t(`settings.roles.reach.${value}`)}
        </option>
      ))}
    </select>
  )
})
