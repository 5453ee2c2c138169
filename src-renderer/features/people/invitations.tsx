import { useCallback, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Role } from '#domain/api/user-schemas.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { PeopleApi } from '#renderer/server-api/people-api.ts'
import { useLoaded } from '#renderer/server-api/use-loaded.ts'
import list from '#renderer/ui/parts/settings-list.module.css'
import { SureButton } from '#renderer/ui/parts/sure-button.tsx'
import classes from './people.module.css'

type InvitationsProps = {
  readonly api: PeopleApi
  readonly roles: readonly Role[]
  /** Another one means that somebody may have been invited. */
  readonly version: unknown
}

/** Invitations that nobody has accepted yet. */
export function Invitations({ api, roles, version }: InvitationsProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { value, reload } = useLoaded(useCallback(() => api.listInvitations(), [api]))
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` says when to look again
  useEffect(() => void reload(), [version, reload])
  const invitations = value?.invitations ?? []
  if (invitations.length === 0) return null
  const nameOf = new Map(roles.map(({ id, name }) => [id, name]))
  return (
    <section className={classes.part} aria-labelledby="invitations">
      <h3 id="invitations">{t('settings.people.invited')}</h3>
      <table className={list.table}>
        <tbody>
          {invitations.map(({ id, name, email, roleIds, expiresAt }) => (
            <tr key={id}>
              <th scope="row">
                <bdi>{name}</bdi>
              </th>
              <td>
                <bdi>{email}</bdi>
              </td>
              <td>{roleIds.map((roleId) => nameOf.get(roleId) ?? '…').join(', ')}</td>
              <td>{t('settings.people.until', { time: format.moment(expiresAt) })}</td>
              <td data-steps>
                <SureButton
                  size="compact-sm"
                  variant="subtle"
                  label={t('settings.people.withdraw')}
                  question={t('settings.people.withdraw-sure')}
                  yes={t('settings.people.withdraw')}
                  no={t('settings.people.keep')}
                  of={name}
                  onYes={() => void api.withdrawInvitation(id).then(reload)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
