import { Button, PasswordInput, Select, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SetUpBody } from '#domain/api/setup-schemas.ts'
import type { Language } from '#domain/language/languages.ts'
import { LanguageRow } from '#renderer/clinic/language-row.tsx'
import { Entrance } from '#renderer/ui/parts/entrance.tsx'
import classes from './set-up-screen.module.css'

/** Why nothing was set up: the server's sentence, with the field it is about where there is one. */
export type SetUpProblem = { readonly message: string; readonly field?: string }

export type SetUpScreenProps = {
  /** The secret of the one-time link. */
  readonly token: string
  /** Sends the form; answers why it was refused, or null when the clinic stands. */
  readonly onSetUp: (body: SetUpBody) => Promise<SetUpProblem | null>
  readonly onLanguage: (language: Language) => void
  /** Where to go when it is done. */
  readonly onDone: () => void
}

const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone
/** The device's own first; it is a proposal, and may be missing in the list (UTC is). */
const ZONES = [...new Set([HERE, ...Intl.supportedValuesOf('timeZone')])]

/** The first screen of a server without a clinic: its name and zone, and who administers it. */
export function SetUpScreen({ token, onSetUp, onLanguage, onDone }: SetUpScreenProps) {
  const { t } = useTranslation()
  const [state, setState] = useState<'asking' | 'sending' | 'done'>('asking')
  const [problem, setProblem] = useState<SetUpProblem | null>(null)
  const submit = async (body: SetUpBody): Promise<void> => {
    setState('sending')
    const refused = await onSetUp(body)
    setProblem(refused)
    setState(refused ? 'asking' : 'done')
  }
  return (
    <Entrance title={t('app-name')} foot={<LanguageRow onChoose={onLanguage} />}>
      {token === '' && <p role="alert">{t('first-run.no-link')}</p>}
      {state === 'done' && <Done onDone={onDone} />}
      {token !== '' && state !== 'done' && (
        <SetUpForm
          token={token}
          isBusy={state === 'sending'}
          problem={problem}
          onSubmit={(body) => void submit(body)}
        />
      )}
    </Entrance>
  )
}

function Done({ onDone }: Pick<SetUpScreenProps, 'onDone'>) {
  const { t } = useTranslation()
  return (
    <div className={classes.form} role="status">
      <h2>{t('first-run.done')}</h2>
      <p>{t('first-run.done-about')}</p>
      <Button variant="filled" size="sm" fullWidth autoFocus onClick={onDone}>
        {t('log-in.button')}
      </Button>
    </div>
  )
}

type FormProps = {
  readonly token: string
  readonly isBusy: boolean
  readonly problem: SetUpProblem | null
  readonly onSubmit: (body: SetUpBody) => void
}

function SetUpForm({ token, isBusy, problem, onSubmit }: FormProps) {
  const { t } = useTranslation()
  const [zone, setZone] = useState(HERE)
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const admin = { name: text('name'), email: text('email'), password: String(form.get('password') ?? '') }
    onSubmit({ token, clinic: { name: text('clinic'), zone }, admin })
  }
  const errorOf = (field: string) => (problem?.field === field ? problem.message : undefined)
  const isAboutField = ['clinic.name', 'clinic.zone', 'admin.name', 'admin.email', 'admin.password'].includes(
    problem?.field ?? '',
  )
  const common = { required: true, withAsterisk: false } as const
  return (
    <form className={classes.form} onSubmit={submit}>
      <h2>{t('first-run.title')}</h2>
      <p>{t('first-run.about')}</p>
      <TextInput
        {...common}
        label={t('first-run.clinic')}
        name="clinic"
        maxLength={160}
        autoFocus
        error={errorOf('clinic.name')}
      />
      <Select
        label={t('first-run.zone')}
        description={t('first-run.zone-about')}
        data={ZONES}
        value={zone}
        searchable
        allowDeselect={false}
        onChange={(value) => value !== null && setZone(value)}
        error={errorOf('clinic.zone')}
      />
      <TextInput
        {...common}
        label={t('first-run.name')}
        name="name"
        maxLength={160}
        autoComplete="name"
        error={errorOf('admin.name')}
      />
      <TextInput
        {...common}
        label={t('log-in.email')}
        name="email"
        type="email"
        autoComplete="username"
        error={errorOf('admin.email')}
      />
      <PasswordInput
        {...common}
        label={t('log-in.password')}
        description={t('first-run.password-about')}
        name="password"
        minLength={12}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': t('log-in.show-password') }}
        error={errorOf('admin.password')}
      />
      <div role="alert">{problem && !isAboutField && <p className={classes.problem}>{problem.message}</p>}</div>
      <Button type="submit" variant="filled" size="sm" fullWidth loading={isBusy}>
        {t('first-run.button')}
      </Button>
    </form>
  )
}
