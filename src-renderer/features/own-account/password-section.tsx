import { PasswordInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { accountSentence, fieldError } from '#renderer/clinic/account-problem.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import { FormButtons, Note, ProblemBox, StackForm } from '#renderer/ui/parts/stack-form.tsx'
import { TitledSection } from '#renderer/ui/parts/titled-section.tsx'
import type { OwnAccountProps } from './account-props.ts'

type PasswordProps = Pick<OwnAccountProps, 'accounts' | 'isOnline' | 'onPasswordChanged'>

/** A new password; every other device is signed out by it. */
export function PasswordSection({ accounts, isOnline, onPasswordChanged }: PasswordProps) {
  const { t } = useTranslation()
  const [state, setState] = useState<'closed' | 'asking' | 'sending' | 'done'>('closed')
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const change = async (before: string, after: string): Promise<void> => {
    setState('sending')
    const answer = await accounts.changePassword(before, after)
    setProblem(answer.ok ? null : answer)
    if (answer.ok) await onPasswordChanged(before, after)
    setState(answer.ok ? 'done' : 'asking')
  }
  const isOpen = state === 'asking' || state === 'sending'
  return (
    <TitledSection
      title={t('log-in.password')}
      state={<span role="status">{t(state === 'done' ? 'account.password-changed' : 'account.password-about')}</span>}
      {...(!isOpen && {
        action: { label: t('account.change-password'), onAct: () => setState('asking'), isOff: !isOnline },
      })}
    >
      {isOpen && (
        <PasswordForm
          isBusy={state === 'sending'}
          problem={problem}
          onSend={(before, after) => void change(before, after)}
          onCancel={() => setState('closed')}
        />
      )}
    </TitledSection>
  )
}

type FormProps = {
  readonly isBusy: boolean
  readonly problem: ApiFailure | null
  readonly onSend: (before: string, after: string) => void
  readonly onCancel: () => void
}

function PasswordForm({ isBusy, problem, onSend, onCancel }: FormProps) {
  const { t } = useTranslation()
  const [before, setBefore] = useState('')
  const [after, setAfter] = useState('')
  const common = { required: true, withAsterisk: false } as const
  const toggle = { visibilityToggleButtonProps: { 'aria-label': t('log-in.show-password') } }
  const [aboutBefore, aboutAfter] = [fieldError(t, problem, 'currentPassword'), fieldError(t, problem, 'newPassword')]
  return (
    <StackForm onSubmit={() => onSend(before, after)} label={t('account.change-password')}>
      <PasswordInput
        {...common}
        {...toggle}
        label={t('account.current-password')}
        autoFocus
        autoComplete="current-password"
        value={before}
        onChange={(event) => setBefore(event.currentTarget.value)}
        error={aboutBefore}
      />
      <PasswordInput
        {...common}
        {...toggle}
        label={t('account.new-password')}
        description={t('first-run.password-about')}
        minLength={12}
        autoComplete="new-password"
        value={after}
        onChange={(event) => setAfter(event.currentTarget.value)}
        error={aboutAfter}
      />
      <Note>{t('account.others-end')}</Note>
      <ProblemBox>{problem && !aboutBefore && !aboutAfter && accountSentence(t, problem)}</ProblemBox>
      <FormButtons
        submit={t('account.change-password')}
        isBusy={isBusy}
        cancel={{ label: t('account.cancel'), onCancel }}
      />
    </StackForm>
  )
}
