import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { accountSentence } from '#renderer/clinic/account-problem.ts'
import type { AccountApi } from '#renderer/server-api/account-api.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import { FormButtons, Note, ProblemBox, StackForm } from '#renderer/ui/parts/stack-form.tsx'
import classes from './log-in-screen.module.css'

type ForgottenProps = { readonly accounts: Pick<AccountApi, 'askForPassword'>; readonly onBack: () => void }

/** Asks for a link that sets a new password. The answer is the same for every address, so that nobody learns who has an account. */
export function ForgottenPassword({ accounts, onBack }: ForgottenProps) {
  const { t } = useTranslation()
  const [email, setEmail] = useState('')
  const [state, setState] = useState<'asking' | 'sending' | 'sent'>('asking')
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const ask = async (): Promise<void> => {
    setState('sending')
    const answer = await accounts.askForPassword(email.trim())
    setProblem(answer.ok ? null : answer)
    setState(answer.ok ? 'sent' : 'asking')
  }
  if (state === 'sent')
    return <LookAtMail text={t('account.forgotten-sent', { email: email.trim() })} onBack={onBack} />
  return (
    <StackForm onSubmit={ask} label={t('account.forgotten')}>
      <h2 className={classes.title}>{t('account.forgotten')}</h2>
      <Note>{t('account.forgotten-about')}</Note>
      <TextInput
        label={t('log-in.email')}
        type="email"
        autoComplete="username"
        required
        withAsterisk={false}
        autoFocus
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <ProblemBox>{problem && accountSentence(t, problem)}</ProblemBox>
      <FormButtons
        submit={t('account.send-link')}
        isBusy={state === 'sending'}
        cancel={{ label: t('log-in.back'), onCancel: onBack }}
      />
    </StackForm>
  )
}

/** It goes on in the person's mailbox. */
export function LookAtMail({ text, onBack }: { readonly text: string; readonly onBack: () => void }) {
  const { t } = useTranslation()
  return (
    <div className={classes.form} role="status">
      <h2 className={classes.title}>{t('account.look-at-mail')}</h2>
      <Note>{text}</Note>
      <Button size="sm" fullWidth autoFocus onClick={onBack}>
        {t('log-in.back')}
      </Button>
    </div>
  )
}
