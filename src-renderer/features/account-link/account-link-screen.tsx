import { Button, PasswordInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountPage } from '#domain/api/account-schemas.ts'
import { accountSentence, fieldError } from '#renderer/clinic/account-problem.ts'
import type { AccountApi } from '#renderer/server-api/account-api.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import { Entrance } from '#renderer/ui/parts/entrance.tsx'
import { FormButtons, Note, ProblemBox, StackForm } from '#renderer/ui/parts/stack-form.tsx'
import classes from './account-link-screen.module.css'

export type AccountLinkProps = {
  readonly page: AccountPage
  /** What stood after `#`; empty where the link was cut off. */
  readonly secret: string
  readonly accounts: Pick<AccountApi, 'confirmRegistration' | 'setPassword' | 'confirmEmail'>
  /** To the page where one signs in. */
  readonly onDone: () => void
}

/**
 * What a link of an e-mail opens. Nothing happens before a button is pressed: programs that look through mail open links too, and
 * each works once.
 */
export function AccountLinkScreen({ page, secret, accounts, onDone }: AccountLinkProps) {
  const { t } = useTranslation()
  const [state, setState] = useState<'asking' | 'sending' | 'done'>('asking')
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const send = async (password: string): Promise<void> => {
    setState('sending')
    const answer = await redeem(accounts, page, secret, password)
    setProblem(answer.ok ? null : answer)
    setState(answer.ok ? 'done' : 'asking')
  }
  const isOver = problem?.kind === 'refused' && problem.code === 'link-invalid'
  return (
    <Entrance title={t('app-name')}>
      <h2 className={classes.title}>{t(`account.links.${page}.title`)}</h2>
      {secret === '' || isOver ? (
        <Ended sentence={t(isOver ? 'account.problems.link-invalid' : 'account.links.incomplete')} onDone={onDone} />
      ) : state === 'done' ? (
        <Done page={page} onDone={onDone} />
      ) : (
        <LinkForm page={page} isBusy={state === 'sending'} problem={problem} onSend={send} />
      )}
    </Entrance>
  )
}

function redeem(accounts: AccountLinkProps['accounts'], page: AccountPage, secret: string, password: string) {
  if (page === 'registration') return accounts.confirmRegistration(secret)
  return page === 'email' ? accounts.confirmEmail(secret) : accounts.setPassword(secret, password)
}

type LinkFormProps = {
  readonly page: AccountPage
  readonly isBusy: boolean
  readonly problem: ApiFailure | null
  readonly onSend: (password: string) => void
}

function LinkForm({ page, isBusy, problem, onSend }: LinkFormProps) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const aboutPassword = fieldError(t, problem, 'password')
  return (
    <StackForm onSubmit={() => onSend(password)} label={t(`account.links.${page}.title`)}>
      <Note>{t(`account.links.${page}.about`)}</Note>
      {page === 'password' && (
        <PasswordInput
          label={t('account.new-password')}
          description={t('first-run.password-about')}
          required
          withAsterisk={false}
          autoFocus
          minLength={12}
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={aboutPassword}
          visibilityToggleButtonProps={{ 'aria-label': t('log-in.show-password') }}
        />
      )}
      <ProblemBox>{problem && !aboutPassword && accountSentence(t, problem)}</ProblemBox>
      <FormButtons submit={t(`account.links.${page}.button`)} isBusy={isBusy} />
    </StackForm>
  )
}

function Done({ page, onDone }: Pick<AccountLinkProps, 'page' | 'onDone'>) {
  const { t } = useTranslation()
  return (
    <div className={classes.end} role="status">
      <Note>{t(`account.links.${page}.done`)}</Note>
      <Button variant="filled" fullWidth autoFocus onClick={onDone}>
        {t('account.links.sign-in')}
      </Button>
    </div>
  )
}

function Ended({ sentence, onDone }: { readonly sentence: string; readonly onDone: () => void }) {
  const { t } = useTranslation()
  return (
    <div className={classes.end}>
      <ProblemBox>{sentence}</ProblemBox>
      <Button fullWidth onClick={onDone}>
        {t('log-in.back')}
      </Button>
    </div>
  )
}
