import { Button, CloseButton, TextInput } from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Role } from '#domain/api/user-schemas.ts'
import { seenAs } from '#domain/settings/seen-as.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import type { PeopleApi } from '#renderer/server-api/people-api.ts'
import { useHotkeys } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import list from '#renderer/ui/parts/settings-list.module.css'
import { SureButton } from '#renderer/ui/parts/sure-button.tsx'
import classes from './roles.module.css'

type PanelProps = {
  readonly api: PeopleApi
  /** As it stands in the table, unsaved changes included. */
  readonly role: Role
  readonly onChanged: () => Promise<void>
  readonly onClose: () => void
}

/** What somebody with this role alone would find in the app; its name, and the way to be rid of it. */
export function RolePanel({ api, role, onChanged, onClose }: PanelProps) {
  const { t } = useTranslation()
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  useHotkeys([{ keys: 'Escape', run: onClose }])
  return (
    <section className={classes.panel} aria-labelledby="role-panel">
      <div className={classes.head}>
        <h3 id="role-panel" ref={title} tabIndex={-1}>
          {t('settings.roles.see-as', { role: role.name })}
        </h3>
        <CloseButton aria-label={t('settings.close')} onClick={onClose} />
      </div>
      <p className={list.quiet}>{t('settings.roles.see-as-about')}</p>
      <Seen role={role} />
      <Keep api={api} role={role} onChanged={onChanged} onClose={onClose} />
    </section>
  )
}

function Seen({ role }: { readonly role: Role }) {
  const { t } = useTranslation()
  const { isAtDesk, screens, commands, sections, fields } = seenAs(role.grants)
  const labelOf = (labelKey: (typeof commands)[number]['labelKey']): string => t(labelKey).replace(/…$/, '')
  return (
    <>
      <Part title={t('settings.roles.screens')}>
        {isAtDesk ? screens.map(({ labelKey }) => labelOf(labelKey)) : [t('settings.roles.own-visits')]}
      </Part>
      {sections.length > 0 && (
        <Part title={t('settings.title')}>{sections.map((section) => t(`settings.sections.${section}`))}</Part>
      )}
      <Part title={t('settings.roles.commands')}>
        {commands.length > 0 ? commands.map(({ labelKey }) => labelOf(labelKey)) : [t('settings.roles.no-commands')]}
      </Part>
      <h4>{t('settings.roles.fields')}</h4>
      <table className={list.table}>
        <thead>
          <tr>
            <td />
            <th scope="col">{t('settings.roles.sees')}</th>
            <th scope="col">{t('settings.roles.changes')}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ group, see, edit }) => (
            <tr key={group} data-off={(see === 'none' && edit === 'none') || undefined}>
              <th scope="row">{t(`settings.roles.field-groups.${group}`)}</th>
              <td>{t(see === 'everybody' ? 'settings.roles.everybody' : `settings.roles.reach.${see}`)}</td>
              <td>{t(`settings.roles.reach.${edit}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

function Part({ title, children }: { readonly title: string; readonly children: readonly string[] }) {
  return (
    <>
      <h4>{title}</h4>
      <ul className={classes.words}>
        {children.map((word) => (
          <li key={word}>{word}</li>
        ))}
      </ul>
    </>
  )
}

function Keep({ api, role, onChanged, onClose }: PanelProps) {
  const { t } = useTranslation()
  const words = useFailure()
  const [name, setName] = useState(role.name)
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const rename = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const answer = await api.changeRole(role.id, { name })
    setProblem(answer.ok ? null : answer)
    if (answer.ok) await onChanged()
  }
  const remove = async (): Promise<void> => {
    const answer = await api.removeRole(role.id)
    if (!answer.ok) return setProblem(answer)
    onClose()
    await onChanged()
  }
  return (
    <>
      <h4>{t('settings.roles.role')}</h4>
      <form className={classes.rename} onSubmit={(event) => void rename(event)}>
        <TextInput
          label={t('settings.roles.name')}
          required
          maxLength={64}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" disabled={name.trim() === '' || name.trim() === role.name}>
          {t('settings.roles.rename')}
        </Button>
      </form>
      <div role="alert">{problem && <p className={list.problem}>{words(problem)}</p>}</div>
      <div>
        <SureButton
          label={t('settings.roles.remove')}
          question={t('settings.roles.remove-sure')}
          yes={t('settings.roles.remove')}
          no={t('settings.roles.keep')}
          onYes={() => void remove()}
        />
      </div>
    </>
  )
}
