import { Checkbox, NativeSelect, PasswordInput, TextInput } from '@mantine/core'
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Permission } from '#domain/access/permissions.ts'
import type { AccessToken, CreateTokenBody } from '#domain/api/factor-schemas.ts'
import { accountSentence, fieldError } from '#renderer/clinic/account-problem.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import { SecretNote } from '#renderer/ui/parts/secret-note.tsx'
import { FormButtons, ProblemBox, StackForm } from '#renderer/ui/parts/stack-form.tsx'
import { SureButton } from '#renderer/ui/parts/sure-button.tsx'
import { TitledSection } from '#renderer/ui/parts/titled-section.tsx'
import type { OwnAccountProps } from './account-props.ts'
import classes from './own-account.module.css'

type TokensProps = Pick<OwnAccountProps, 'accounts' | 'abilities' | 'isOnline'>

/** The programs that act for the person: made with some of their rights, shown once, ended at any time. */
export function TokensSection({ accounts, abilities, isOnline }: TokensProps) {
  const { t } = useTranslation()
  const [tokens, setTokens] = useState<readonly AccessToken[] | null>(null)
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const [isMaking, setIsMaking] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  const load = useCallback(async (): Promise<void> => {
    const answer = await accounts.tokens()
    setProblem(answer.ok ? null : answer)
    if (answer.ok) setTokens(answer.value.tokens)
  }, [accounts])
  useEffect(() => {
    if (isOnline) void load()
  }, [isOnline, load])
  const revoke = async (token: AccessToken): Promise<void> => {
    const answer = await accounts.revokeToken(token)
    if (answer.ok) await load()
    else setProblem(answer)
  }
  return (
    <TitledSection
      title={t('account.tokens')}
      state={t('account.tokens-about')}
      action={{ label: t('account.token-add'), onAct: () => setIsMaking(true), isOff: !isOnline || isMaking }}
    >
      <ProblemBox>{problem && isOnline && accountSentence(t, problem)}</ProblemBox>
      {secret !== null && (
        <SecretNote
          title={t('account.token')}
          about={t('account.token-once')}
          secret={secret}
          words={{ copy: t('factor.copy'), copied: t('factor.copied'), done: t('factor.noted-one') }}
          onDone={() => setSecret(null)}
        />
      )}
      {isMaking && (
        <TokenForm
          abilities={abilities}
          onCancel={() => setIsMaking(false)}
          onSend={async (body) => {
            const answer = await accounts.createToken(body)
            if (!answer.ok) return answer
            setSecret(answer.value.token)
            setIsMaking(false)
            await load()
            return null
          }}
        />
      )}
      <ul className={classes.sessions} aria-label={t('account.tokens')}>
        {tokens?.map((token) => (
          <Row key={token.id} token={token} isOnline={isOnline} onRevoke={() => void revoke(token)} />
        ))}
      </ul>
    </TitledSection>
  )
}

type RowProps = { readonly token: AccessToken; readonly isOnline: boolean; readonly onRevoke: () => void }

function Row({ token, isOnline, onRevoke }: RowProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { name, abilities, expiresAt, lastUsedAt } = token
  return (
    <li>
      <span className={classes.device}>
        <strong>
          <bdi>{name}</bdi>
        </strong>
        <span>{abilities.map((ability) => t(`permissions.${ability}`).replace(/\.$/, '')).join(', ')}</span>
        <span>
          {[
            lastUsedAt === null
              ? t('account.token-unused')
              : t('account.token-used', { time: format.moment(lastUsedAt) }),
            t('account.token-ends', { time: format.moment(expiresAt) }),
          ].join(' · ')}
        </span>
      </span>
      <SureButton
        label={t('account.token-revoke')}
        of={name}
        question={t('account.token-sure')}
        yes={t('account.token-revoke')}
        no={t('settings.people.keep')}
        disabled={!isOnline}
        onYes={onRevoke}
      />
    </li>
  )
}

const DAYS = [7, 30, 90, 365] as const

type FormProps = {
  readonly abilities: readonly Permission[]
  readonly onSend: (body: CreateTokenBody) => Promise<ApiFailure | null>
  readonly onCancel: () => void
}

function TokenForm({ abilities, onSend, onCancel }: FormProps) {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<readonly Permission[]>([])
  const [days, setDays] = useState<number>(30)
  const [password, setPassword] = useState('')
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const aboutPassword = fieldError(t, problem, 'password')
  const send = async (): Promise<void> => {
    setIsBusy(true)
    const refused = await onSend({ name: name.trim(), abilities: [...chosen], expiresInDays: days, password })
    if (refused) {
      setProblem(refused)
      setIsBusy(false)
    }
  }
  return (
    <StackForm onSubmit={send} label={t('account.token-add')}>
      <TextInput
        label={t('account.token-name')}
        required
        withAsterisk={false}
        autoFocus
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Checkbox.Group
        label={t('account.token-abilities')}
        value={chosen as readonly string[] as string[]}
        onChange={(picked) => setChosen(picked as Permission[])}
      >
        <div className={classes.abilities}>
          {abilities.map((ability) => (
            <Checkbox key={ability} size="xs" value={ability} label={t(`permissions.${ability}`).replace(/\.$/, '')} />
          ))}
        </div>
      </Checkbox.Group>
      <NativeSelect
        label={t('account.token-days')}
        data={DAYS.map((count) => ({ value: String(count), label: t('account.days', { count }) }))}
        value={String(days)}
        onChange={(event) => setDays(Number(event.currentTarget.value))}
      />
      <PasswordInput
        label={t('account.current-password')}
        required
        withAsterisk={false}
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        error={aboutPassword}
        visibilityToggleButtonProps={{ 'aria-label': t('log-in.show-password') }}
      />
      <ProblemBox>{problem && !aboutPassword && accountSentence(t, problem)}</ProblemBox>
      <FormButtons
        submit={t('account.token-make')}
        isBusy={isBusy}
        isOff={chosen.length === 0}
        cancel={{ label: t('settings.back'), onCancel }}
      />
    </StackForm>
  )
}
