import { PasswordInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { accountSentence, fieldError } from '#renderer/clinic/account-problem.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import { FormButtons, Note, ProblemBox, StackForm } from '#renderer/ui/parts/stack-form.tsx'
import { TitledSection } from '#renderer/ui/parts/titled-section.tsx'
import type { OwnAccountProps } from './account-props.ts'

type EmailProps = Pick<OwnAccountProps, 'accounts' | 'isOnline' | 'email'>

/** Another address to sign in with; it counts once the link that goes there was opened. */
export function EmailSection({ accounts, isOnline, email }: EmailProps) {
  const { t } = useTranslation()
  const [state, setState] = useState<'closed' | 'asking' | 'sending'>('closed')
  const [sentTo, setSentTo] = useState('')
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const ask = async (next: string, password: string): Promise<void> => {
    setState('sending')
    const answer = await accounts.changeEmail(next, password)
    setProblem(answer.ok ? null : answer)
    if (answer.ok) setSentTo(next)
    setState(answer.ok ? 'closed' : 'asking')
  }
  return (
    <TitledSection
      title={t('log-in.email')}
      state={
        <>
          <bdi>{email}</bdi>
          <span role="status">{sentTo !== '' && ` · ${t('account.email-sent', { email: sentTo })}`}</span>
        </>
      }
      {...(state === 'closed' && {
        action: { label: t('account.change-email'), onAct: () => setState('asking'), isOff: !isOnline },
      })}
    >
      {state !== 'closed' && (
        <EmailForm
          isBusy={state === 'sending'}
          problem={problem}
          onSend={(next, password) => void ask(next, password)}
          onCancel={() => setState('closed')}
        />
      )}
    </TitledSection>
  )
}

type FormProps = {
  readonly isBusy: boolean
  readonly problem: ApiFailure | null
  readonly onSend: (email: string, password: string) => void
  readonly onCancel: () => void
}

function EmailForm({ isBusy, problem, onSend, onCancel }: FormProps) {
  const { t } = useTranslation()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [aboutEmail, aboutPassword] = [fieldError(t, problem, 'email'), fieldError(t, problem, 'password')]
  const common = { required: true, withAsterisk: false } as const
  return (
    <StackForm onSubmit={() => onSend(email.trim(), password)} label={t('account.change-email')}>
      <TextInput
        {...common}
        label={t('account.new-email')}
        type="email"
        autoFocus
        autoComplete="email"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        error={aboutEmail}
      />
      <PasswordInput
        {...common}
        label={t('account.current-password')}
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        error={aboutPassword}
        visibilityToggleButtonProps={{ 'aria-label': t('log-in.show-password') }}
      />
      <Note>{t('account.email-about')}</Note>
      <ProblemBox>{problem && !aboutEmail && !aboutPassword && accountSentence(t, problem)}</ProblemBox>
      <FormButtons submit={t('account.send-link')} isBusy={isBusy} cancel={{ label: t('account.cancel'), onCancel }} />
    </StackForm>
  )
}
