import { useTranslation } from 'react-i18next'
import type { Look } from './look.ts'
import classes from './status-badge.module.css'

type BadgeProps = {
  readonly look: Look
  /** Another word for the same, where the reader is no receptionist. */
  readonly word?: string
}

/** The status in words, with the hue its card has. */
export function StatusBadge({ look, word }: BadgeProps) {
  const { t } = useTranslation()
  return (
    <span className={classes.badge} data-look={look}>
      {word ?? t(`status.${look}`)}
    </span>
  )
}
