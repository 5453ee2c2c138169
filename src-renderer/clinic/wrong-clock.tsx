import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { MINUTE_MS } from '#domain/time/instant.ts'
import classes from './wrong-clock.module.css'

type WrongClockProps = {
  /** Milliseconds to add to this device's clock. */
  readonly skewMs: number
  readonly onAgain: () => void
}

/** The clock of this device is too far from the server's: by how much, and how to put it right. */
export function WrongClock({ skewMs, onAgain }: WrongClockProps) {
  const { t } = useTranslation()
  const count = Math.round(Math.abs(skewMs) / MINUTE_MS)
  return (
    <div className={classes.clock} role="alert">
      <h2>{t('log-in.clock.title')}</h2>
      <p>{t(skewMs > 0 ? 'log-in.clock.behind' : 'log-in.clock.ahead', { count })}</p>
      <p>{t('log-in.clock.fix')}</p>
      <Button variant="filled" size="sm" fullWidth onClick={onAgain}>
        {t('log-in.clock.again')}
      </Button>
    </div>
  )
}
