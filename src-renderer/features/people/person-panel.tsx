import { Button, CloseButton, MultiSelect, Switch, TextInput } from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChangeUserBody, ClinicUser, Role } from '#domain/api/user-schemas.ts'
import { changeOfUser } from '#domain/settings/change-of-user.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import type { PeopleApi } from '#renderer/server-api/people-api.ts'
import { useHotkeys } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import list from '#renderer/ui/parts/settings-list.module.css'
import { DirectGrants } from './direct-grants.tsx'
import { DoctorChoice } from './invite-form.tsx'
import classes from './people.module.css'
import { SignedIn } from './signed-in.tsx'

type PersonProps = {
  readonly clinic: Clinic
  readonly api: PeopleApi
  readonly user: ClinicUser
  readonly roles: readonly Role[]
  readonly onChanged: (user: ClinicUser) => void
  readonly onClose: () => void
}

/** One person beside the list: what they may do, whether they may sign in, and where they have. */
export function PersonPanel({ clinic, api, user, roles, onChanged, onClose }: PersonProps) {
  const { t } = useTranslation()
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  useHotkeys([{ keys: 'Escape', run: onClose }])
  return (
    <section className={classes.panel} aria-labelledby="person">
      <div className={classes.head}>
        <h3 id="person" ref={title} tabIndex={-1}>
          <bdi>{user.name}</bdi>
        </h3>
        <CloseButton aria-label={t('settings.close')} onClick={onClose} />
      </div>
      <p className={list.quiet}>
        <bdi>{user.email}</bdi>
      </p>
      <RightsForm clinic={clinic} api={api} user={user} roles={roles} onChanged={onChanged} />
      <SignedIn api={api} user={user} onChanged={onChanged} />
    </section>
  )
}

type FormProps = Omit<PersonProps, 'onClose'>

function RightsForm({ clinic, api, user, roles, onChanged }: FormProps) {
  const { t } = useTranslation()
  const words = useFailure()
  const [wanted, setWanted] = useState(() => wantedOf(user))
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const [isSaved, setIsSaved] = useState(false)
  const body = changeOfUser(user, wanted)
  const change = (part: Partial<typeof wanted>): void => {
    setWanted({ ...wanted, ...part })
    setProblem(null)
    setIsSaved(false)
  }
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (body === null) return
    const answer = await api.changeUser(user.id, body)
    setProblem(answer.ok ? null : answer)
    setIsSaved(answer.ok)
    if (answer.ok) onChanged(answer.value.user)
  }
  return (
    <form className={classes.part} onSubmit={(event) => void save(event)}>
      <TextInput
        label={t('settings.name')}
        required
        maxLength={160}
        value={wanted.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <MultiSelect
        label={t('settings.people.roles')}
        data={roles.map(({ id, name }) => ({ value: id as string, label: name }))}
        value={wanted.roleIds as string[]}
        onChange={(roleIds) => change({ roleIds: roleIds as NonNullable<ChangeUserBody['roleIds']> })}
      />
      <DirectGrants grants={wanted.grants} onGrants={(grants) => change({ grants })} />
      <DoctorChoice
        clinic={clinic}
        own={user.doctorId}
        value={wanted.doctorId}
        onValue={(doctorId) => change({ doctorId })}
      />
      <Switch
        label={t('settings.people.active')}
        description={t('settings.people.active-about')}
        checked={wanted.isActive}
        onChange={(event) => change({ isActive: event.currentTarget.checked })}
      />
      <div role="alert">{problem && <p className={list.problem}>{words(problem)}</p>}</div>
      <div className={list.steps}>
        <Button type="submit" variant="filled" disabled={body === null}>
          {t('settings.save')}
        </Button>
        <span role="status">{isSaved && t('settings.saved')}</span>
      </div>
    </form>
  )
}

const wantedOf = ({ name, isActive, roles, grants, doctorId }: ClinicUser) => ({
  name,
  isActive,
  roleIds: roles.map(({ id }) => id),
  grants,
  doctorId,
})
