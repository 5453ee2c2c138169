import { useTranslation } from 'react-i18next'
import classes from './log-in-screen.module.css'
import type { LogInView } from './log-in-view.ts'

/** Why nobody was let in, and what to do about it. */
export function Problem({ view }: { readonly view: Pick<LogInView, 'problem' | 'serverMessage'> }) {
  const { t } = useTranslation()
  const { problem, serverMessage } = view
  return (
    <div role="alert">
      {problem && <p className={classes.problem}>{serverMessage ?? t(`log-in.problems.${problem}`)}</p>}
    </div>
  )
}
