import { PasswordInput, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RegistrationBody } from '#domain/api/account-schemas.ts'
import { accountSentence, fieldError } from '#renderer/clinic/account-problem.ts'
import type { AccountApi } from '#renderer/server-api/account-api.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import { FormButtons, Note, ProblemBox, StackForm } from '#renderer/ui/parts/stack-form.tsx'
import { LookAtMail } from './forgotten-password.tsx'
import classes from './log-in-screen.module.css'
import type { OpenClinic } from './log-in-view.ts'

type RegisterProps = {
  readonly accounts: Pick<AccountApi, 'register'>
  /** Where patients may register; at least one. */
  readonly clinics: readonly OpenClinic[]
  readonly onBack: () => void
}

type Fields = { readonly [Name in 'clinicId' | 'name' | 'birthDate' | 'email' | 'password']: string }
const FIELDS = ['clinicId', 'name', 'birthDate', 'email', 'password'] as const

/** An account for somebody who comes by themselves; the link in the e-mail makes it. */
export function RegisterForm({ accounts, clinics, onBack }: RegisterProps) {
  const { t } = useTranslation()
  const [fields, setFields] = useState<Fields>({
    clinicId: clinics[0]?.id ?? '',
    name: '',
    birthDate: '',
    email: '',
    password: '',
  })
  const [state, setState] = useState<'asking' | 'sending' | 'sent'>('asking')
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const send = async (): Promise<void> => {
    setState('sending')
    const { name, email } = fields
    const body = { ...fields, name: name.trim(), email: email.trim() } as RegistrationBody
    const answer = await accounts.register(body)
    setProblem(answer.ok ? null : answer)
    setState(answer.ok ? 'sent' : 'asking')
  }
  if (state === 'sent') {
    return <LookAtMail text={t('account.register-sent', { email: fields.email.trim() })} onBack={onBack} />
  }
  const isAboutField = problem?.kind === 'refused' && FIELDS.some((field) => field === problem.field)
  return (
    <StackForm onSubmit={send} label={t('account.register')}>
      <h2 className={classes.title}>{t('account.register')}</h2>
      <Note>{t('account.register-about', { clinic: clinics[0]?.name ?? '' })}</Note>
      <RegisterFields
        clinics={clinics}
        fields={fields}
        problem={problem}
        onField={(name, value) => setFields((before) => ({ ...before, [name]: value }))}
      />
      <ProblemBox>{problem && !isAboutField && accountSentence(t, problem)}</ProblemBox>
      <FormButtons
        submit={t('account.register-button')}
        isBusy={state === 'sending'}
        cancel={{ label: t('log-in.back'), onCancel: onBack }}
      />
    </StackForm>
  )
}

type FieldsProps = Pick<RegisterProps, 'clinics'> & {
  readonly fields: Fields
  readonly problem: ApiFailure | null
  readonly onField: (name: keyof Fields, value: string) => void
}

function RegisterFields({ clinics, fields, problem, onField }: FieldsProps) {
  const { t } = useTranslation()
  const common = (name: Exclude<keyof Fields, 'clinicId'>) => ({
    name,
    required: true,
    withAsterisk: false,
    value: fields[name],
    error: fieldError(t, problem, name),
    onChange: (event: { readonly currentTarget: { readonly value: string } }) =>
      onField(name, event.currentTarget.value),
  })
  return (
    <>
      {clinics.length > 1 && (
        <Select
          label={t('account.clinic')}
          data={clinics.map(({ id, name }) => ({ value: id, label: name }))}
          value={fields.clinicId}
          onChange={(value) => value !== null && onField('clinicId', value)}
        />
      )}
      <TextInput {...common('name')} label={t('account.name')} autoComplete="name" maxLength={160} autoFocus />
      <TextInput
        {...common('birthDate')}
        label={t('account.birth-date')}
        type="date"
        autoComplete="bday"
        min="1900-01-01"
      />
      <TextInput {...common('email')} label={t('log-in.email')} type="email" autoComplete="email" />
      <PasswordInput
        {...common('password')}
        label={t('log-in.password')}
        description={t('first-run.password-about')}
        minLength={12}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': t('log-in.show-password') }}
      />
    </>
  )
}
