import { Button, CloseButton, Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Grant, PERMISSIONS, type Permission, SCOPES, type Scope } from '#domain/access/permissions.ts'
import list from '#renderer/ui/parts/settings-list.module.css'
import classes from './people.module.css'

type GrantsProps = { readonly grants: readonly Grant[]; readonly onGrants: (grants: Grant[]) => void }

/** Rights that somebody has beside those of their roles. */
export function DirectGrants({ grants, onGrants }: GrantsProps) {
  const { t } = useTranslation()
  const [permission, setPermission] = useState<Permission | null>(null)
  const [scope, setScope] = useState<Scope>('clinic')
  const isHeld = grants.some((one) => one.permission === permission && one.scope === scope)
  const add = (): void => {
    if (permission === null || isHeld) return
    onGrants([...grants, { permission, scope }])
    setPermission(null)
  }
  return (
    <fieldset className={classes.grants}>
      <legend>{t('settings.people.direct')}</legend>
      {grants.length === 0 && <p className={list.quiet}>{t('settings.people.no-direct')}</p>}
      <ul>
        {grants.map((grant) => (
          <li key={`${grant.permission} ${grant.scope}`}>
            <span>
              {t(`permissions.${grant.permission}`)}{' '}
              <span className={list.quiet}>{t(`settings.roles.scopes.${grant.scope}`)}</span>
            </span>
            <CloseButton
              size="sm"
              aria-label={`${t('settings.people.take-away')}: ${t(`permissions.${grant.permission}`)}`}
              onClick={() => onGrants(grants.filter((one) => one !== grant))}
            />
          </li>
        ))}
      </ul>
      <div className={classes.adding}>
        <Select
          aria-label={t('settings.people.right')}
          placeholder={t('settings.people.right')}
          searchable
          data={PERMISSIONS.map((value) => ({ value, label: t(`permissions.${value}`) }))}
          value={permission}
          onChange={(next) => setPermission(next as Permission | null)}
        />
        <Select
          aria-label={t('settings.people.reach')}
          data={SCOPES.map((value) => ({ value, label: t(`settings.roles.scopes.${value}`) }))}
          value={scope}
          onChange={(next) => setScope(next as Scope)}
        />
        <Button onClick={add} disabled={permission === null || isHeld}>
          {t('settings.people.give')}
        </Button>
      </div>
    </fieldset>
  )
}
