import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Pages } from '#renderer/server-api/use-pages.ts'
import classes from './activity-monitor.module.css'

type FootProps = { readonly pages: Pick<Pages<unknown>, 'rows' | 'isBusy' | 'problem' | 'more'> }

/** What stands under a list: why it is not there, that it is empty, or the way to more of it. */
export function ListFoot({ pages: { rows, isBusy, problem, more } }: FootProps) {
  const { t } = useTranslation()
  return (
    <div className={classes.foot}>
      <div role="alert">
        {problem && (
          <p className={classes.problem}>{problem.kind === 'offline' ? t('activity.list-away') : problem.message}</p>
        )}
      </div>
      {!isBusy && !problem && rows.length === 0 && <p className={classes.quiet}>{t('activity.nothing')}</p>}
      {more && (
        <Button onClick={more} loading={isBusy}>
          {t('activity.more')}
        </Button>
      )}
    </div>
  )
}
