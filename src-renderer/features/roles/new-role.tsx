import { Button, Select, TextInput } from '@mantine/core'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Role } from '#domain/api/user-schemas.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import type { PeopleApi } from '#renderer/server-api/people-api.ts'
import list from '#renderer/ui/parts/settings-list.module.css'
import classes from './roles.module.css'

type NewProps = {
  readonly api: PeopleApi
  readonly roles: readonly Role[]
  /** While something else on the screen is the thing to press. */
  readonly isQuiet: boolean
  readonly onMade: () => Promise<void>
}

/** Another role, which begins with what an existing one may do, or with nothing. */
export function NewRole({ api, roles, isQuiet, onMade }: NewProps) {
  const { t } = useTranslation()
  const words = useFailure()
  const [isOpen, setIsOpen] = useState(false)
  const [name, setName] = useState('')
  const [like, setLike] = useState('')
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const button = useRef<HTMLButtonElement>(null)
  const close = (): void => {
    setIsOpen(false)
    setName('')
    setProblem(null)
    requestAnimationFrame(() => button.current?.focus())
  }
  const make = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const grants = roles.find(({ id }) => id === like)?.grants ?? []
    const answer = await api.createRole({ name, grants: [...grants] })
    if (!answer.ok) return setProblem(answer)
    await onMade()
    close()
  }
  if (!isOpen) {
    return (
      <Button ref={button} variant={isQuiet ? 'default' : 'filled'} onClick={() => setIsOpen(true)}>
        {t('settings.roles.add')}
      </Button>
    )
  }
  return (
    <form className={classes.newRole} aria-label={t('settings.roles.add')} onSubmit={(event) => void make(event)}>
      <TextInput
        label={t('settings.roles.name')}
        required
        autoFocus
        maxLength={64}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label={t('settings.roles.like')}
        data={[
          { value: '', label: t('settings.roles.like-none') },
          ...roles.map((role) => ({ value: role.id as string, label: role.name })),
        ]}
        value={like}
        onChange={(next) => setLike(next ?? '')}
      />
      <Button type="submit" variant="filled">
        {t('settings.roles.make')}
      </Button>
      <Button onClick={close}>{t('settings.back')}</Button>
      <div role="alert">{problem && <p className={list.problem}>{words(problem)}</p>}</div>
    </form>
  )
}
