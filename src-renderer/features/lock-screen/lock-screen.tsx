import { Button, PasswordInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CodeInput } from '#renderer/clinic/factor-set-up.tsx'
import { BrandMark } from '#renderer/ui/parts/brand-mark.tsx'
import classes from './lock-screen.module.css'

type LockProps = {
  readonly name: string
  readonly clinicName: string
  /** Changes not yet with the server; they go on being sent while the screen is locked. */
  readonly waiting: number
  readonly isBusy: boolean
  readonly problem: LockProblem | null
  /** The server asks for a code of the second factor too. */
  readonly needsCode: boolean
  /** Whether what is unsent stays on the device when a colleague signs in. */
  readonly isKept: boolean
  readonly onOpen: (password: string, code: string | undefined) => void
  /** @returns how many changes stand in the way */
  readonly onSwitch: () => Promise<number>
}

export type LockProblem =
  | 'wrong-password-here'
  | 'wrong-credentials'
  | 'server-needed'
  | 'too-many-tries'
  | 'wrong-code'
  | 'needs-enrolment'

/** Nothing of a patient is on this screen, nor in memory behind it. */
export function LockScreen(props: LockProps) {
  const { name, clinicName, waiting, isBusy, problem, needsCode, onOpen } = props
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onOpen(password, needsCode ? code : undefined)
  }
  return (
    <main className={classes.page}>
      <form className={classes.card} onSubmit={submit}>
        <BrandMark size={32} />
        <h1 className={classes.name}>
          <bdi>{name}</bdi>
        </h1>
        <p className={classes.about}>
          <bdi>{clinicName}</bdi> · {t('lock.locked')}
          {waiting > 0 && ` · ${t('sync.to-send', { count: waiting })}`}
        </p>
        <PasswordInput
          aria-label={t('log-in.password')}
          placeholder={t('log-in.password')}
          autoComplete="current-password"
          required
          autoFocus
          className={classes.field}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={problem && t(`log-in.problems.${problem}`)}
          visibilityToggleButtonProps={{ 'aria-label': t('log-in.show-password') }}
        />
        {needsCode && (
          <div className={classes.field}>
            <CodeInput value={code} onValue={setCode} autoFocus />
          </div>
        )}
        <Button type="submit" variant="filled" size="sm" fullWidth loading={isBusy}>
          {t('lock.open')}
        </Button>
        <SwitchUser {...props} />
      </form>
    </main>
  )
}

/** Lets a colleague sign in; what was being done here waits for its person. */
function SwitchUser({ name, waiting, isKept, isBusy, onSwitch }: LockProps) {
  const { t } = useTranslation()
  const [inTheWay, setInTheWay] = useState(0)
  return (
    <>
      <Button variant="subtle" size="sm" disabled={isBusy} onClick={() => void onSwitch().then(setInTheWay)}>
        {t('log-in.someone-else')}
      </Button>
      <p className={classes.about} role="status">
        {inTheWay > 0 && t('lock.in-the-way', { count: inTheWay, name })}
        {inTheWay === 0 && waiting > 0 && isKept && t('lock.stays', { name })}
      </p>
    </>
  )
}
