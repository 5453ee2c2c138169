import { Button, SegmentedControl } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { REPORT_TYPES } from '#domain/api/report-api.ts'
import classes from './reports.module.css'
import type { Exports, Maker } from './use-exports.ts'

type WaysProps = {
  readonly exports: Exports
  /** False while what is chosen cannot be made by the chosen maker. */
  readonly canMake: boolean
}

/** Three kinds of file, and who makes them. */
export function ExportWays({ exports, canMake }: WaysProps) {
  const { t } = useTranslation()
  const { maker, isOnline, making } = exports
  return (
    <div className={classes.ways}>
      <SegmentedControl
        size="xs"
        aria-label={t('reports.made-by')}
        value={maker}
        onChange={(value) => exports.setMaker(value as Maker)}
        data={[
          { value: 'server', label: t('reports.by-server'), disabled: !isOnline },
          { value: 'here', label: t('reports.by-this-computer') },
        ]}
      />
      {REPORT_TYPES.map((type) => (
        <Button
          key={type}
          variant={type === 'pdf' ? 'filled' : 'default'}
          disabled={!canMake || making !== null}
          onClick={() => void exports.make(type)}
          aria-label={t('reports.save-as', { type: type.toUpperCase() })}
        >
          {type.toUpperCase()}
        </Button>
      ))}
    </div>
  )
}

/** What is being made now, or what became of the last one; said aloud. */
export function ExportStatus({ exports: { making, waiting, said, server } }: Pick<WaysProps, 'exports'>) {
  const { t } = useTranslation()
  if (making === null && waiting) {
    const { id, type, progress } = waiting
    return (
      <div className={classes.said}>
        <span role="status">{t('reports.server-makes', { type: type.toUpperCase(), progress })}</span>
        <Button variant="subtle" onClick={() => void server.cancel(id)}>
          {t('reports.cancel')}
        </Button>
      </div>
    )
  }
  return (
    <div className={classes.said}>
      <span role="status">{making === null ? said : t('reports.making', { type: making.toUpperCase() })}</span>
    </div>
  )
}
