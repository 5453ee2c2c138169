import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Language } from '#domain/language/languages.ts'
import { LanguageRow } from '#renderer/clinic/language-row.tsx'
import { ServerWords } from '#renderer/clinic/server-words.tsx'
import { WrongClock } from '#renderer/clinic/wrong-clock.tsx'
import type { Identification, KnownServer } from '#renderer/server-api/identify.ts'
import { Entrance } from '#renderer/ui/parts/entrance.tsx'
import classes from './set-up-screen.module.css'

export type PairScreenProps = {
  readonly serverName: string
  /** Null until it has answered. */
  readonly known: Identification | null
  /** True when another server was trusted at this address before. */
  readonly hasChanged: boolean
  /** What the computer would be called. */
  readonly firstName: string
  readonly onMatch: (server: KnownServer, name: string) => void
  /** Back to the server from before. */
  readonly onBack: () => void
  readonly onAgain: () => void
  readonly onLanguage: (language: Language) => void
}

/** A server that was just chosen: its clock, its six words beside an administrator's, and what this computer is called. */
export function PairScreen(props: PairScreenProps) {
  const { t } = useTranslation()
  const { known, onAgain, onLanguage } = props
  const [isDifferent, setIsDifferent] = useState(false)
  return (
    <Entrance title={t('app-name')} foot={<LanguageRow onChoose={onLanguage} />}>
      {isDifferent && <Stopped text={t('first-run.pair.differ-about')} {...props} />}
      {!isDifferent && !known?.ok && <Unknown {...props} />}
      {!isDifferent && known?.ok && !known.server.isClockRight && (
        <WrongClock skewMs={known.server.skewMs} onAgain={onAgain} />
      )}
      {!isDifferent && known?.ok && known.server.isClockRight && (
        <Compare {...props} server={known.server} onDiffer={() => setIsDifferent(true)} />
      )}
    </Entrance>
  )
}

type CompareProps = PairScreenProps & { readonly server: KnownServer; readonly onDiffer: () => void }

function Compare({ serverName, server, hasChanged, firstName, onMatch, onDiffer }: CompareProps) {
  const { t } = useTranslation()
  const [name, setName] = useState(firstName)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (name.trim() !== '') onMatch(server, name.trim())
  }
  return (
    <form className={classes.form} onSubmit={submit}>
      <h2>{t('first-run.pair.title')}</h2>
      {hasChanged && (
        <p role="alert" className={classes.problem}>
          {t('first-run.pair.changed', { server: serverName })}
        </p>
      )}
      <p>{t('first-run.pair.about', { server: serverName })}</p>
      <ServerWords words={server.words} />
      <TextInput
        label={t('first-run.pair.name')}
        description={t('first-run.pair.name-about')}
        required
        withAsterisk={false}
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" variant="filled" size="sm" fullWidth>
        {t('first-run.pair.same')}
      </Button>
      <Button color="danger" variant="subtle" size="sm" fullWidth onClick={onDiffer}>
        {t('first-run.pair.differ')}
      </Button>
    </form>
  )
}

/** Nobody can be compared with: it does not answer, cannot say who it is, or says what is not true. */
function Unknown(props: PairScreenProps) {
  const { t } = useTranslation()
  const { known, serverName, onBack, onAgain } = props
  if (known !== null && !known.ok && known.reason === 'unproven') {
    return <Stopped text={t('first-run.pair.unproven')} {...props} />
  }
  const isOld = known !== null && !known.ok && known.reason === 'unknown'
  return (
    <div className={classes.form} role="status">
      <p>{t(isOld ? 'first-run.pair.too-old' : 'log-in.server.unreachable', { server: serverName })}</p>
      <Button variant="filled" size="sm" fullWidth onClick={onAgain}>
        {t('log-in.clock.again')}
      </Button>
      <Button variant="subtle" size="sm" fullWidth onClick={onBack}>
        {t('log-in.server.keep')}
      </Button>
    </div>
  )
}

function Stopped({ text, onBack }: PairScreenProps & { readonly text: string }) {
  const { t } = useTranslation()
  return (
    <div className={classes.form} role="alert">
      <h2>{t('first-run.pair.stop')}</h2>
      <p>{text}</p>
      <Button variant="filled" size="sm" fullWidth autoFocus onClick={onBack}>
        {t('log-in.server.keep')}
      </Button>
    </div>
  )
}
