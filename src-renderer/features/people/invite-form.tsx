import { Button, MultiSelect, Select, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { InviteBody, Role } from '#domain/api/user-schemas.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import type { PeopleApi } from '#renderer/server-api/people-api.ts'
import list from '#renderer/ui/parts/settings-list.module.css'
import classes from './people.module.css'

type InviteProps = {
  readonly clinic: Clinic
  readonly api: PeopleApi
  readonly roles: readonly Role[]
  readonly onClose: () => void
}

/** An invitation by e-mail: a link, or a code for somebody who has an account already. */
export function InviteForm({ clinic, api, roles, onClose }: InviteProps) {
  const { t } = useTranslation()
  const words = useFailure()
  const [body, setBody] = useState<InviteBody>({ name: '', email: '', roleIds: [], doctorId: null })
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const change = (part: Partial<InviteBody>): void => {
    setBody({ ...body, ...part })
    setProblem(null)
  }
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const answer = await api.invite(body)
    if (answer.ok) onClose()
    else setProblem(answer)
  }
  return (
    <form className={classes.panel} aria-label={t('settings.people.invite')} onSubmit={(event) => void send(event)}>
      <h3>{t('settings.people.invite')}</h3>
      <p className={list.quiet}>{t('settings.people.invite-about')}</p>
      <TextInput
        label={t('settings.name')}
        required
        autoFocus
        maxLength={160}
        value={body.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <TextInput
        label={t('settings.people.email')}
        type="email"
        required
        maxLength={254}
        value={body.email}
        onChange={(event) => change({ email: event.currentTarget.value })}
      />
      <MultiSelect
        label={t('settings.people.roles')}
        data={roles.map(({ id, name }) => ({ value: id as string, label: name }))}
        value={body.roleIds as string[]}
        onChange={(roleIds) => change({ roleIds: roleIds as InviteBody['roleIds'] })}
      />
      <DoctorChoice
        clinic={clinic}
        own={null}
        value={body.doctorId ?? null}
        onValue={(doctorId) => change({ doctorId })}
      />
      <div role="alert">{problem && <p className={list.problem}>{words(problem)}</p>}</div>
      <div className={list.steps}>
        <Button type="submit" variant="filled">
          {t('settings.people.send')}
        </Button>
        <Button onClick={onClose}>{t('settings.back')}</Button>
      </div>
    </form>
  )
}

type DoctorProps = {
  readonly clinic: Clinic
  /** The doctor the person is now. */
  readonly own: ClinicDoctorId
  readonly value: ClinicDoctorId
  readonly onValue: (id: ClinicDoctorId) => void
}
type ClinicDoctorId = NonNullable<InviteBody['doctorId']> | null

/** Which doctor somebody is; those who are somebody else's are not to be had. */
export function DoctorChoice({ clinic, own, value, onValue }: DoctorProps) {
  const { t } = useTranslation()
  const free = clinic.doctors.filter(({ id, userId }) => userId === null || id === own)
  return (
    <Select
      label={t('settings.people.doctor')}
      description={t('settings.people.doctor-about')}
      searchable={free.length > 8}
      data={[
        { value: '', label: t('settings.people.no-doctor') },
        ...free.map(({ id, name }) => ({ value: id as string, label: name })),
      ]}
      value={value ?? ''}
      onChange={(next) => onValue(next ? (next as ClinicDoctorId) : null)}
    />
  )
}
