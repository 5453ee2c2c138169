import { Button } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CellKind, ReportModel } from '#domain/report/report-model.ts'
import { type CellText, cellTextIn } from '#reports/cell-text.ts'
import { ReportChart } from './report-chart.tsx'
import classes from './reports.module.css'
import { useReportTexts } from './use-report-texts.ts'

/** The report as it would be printed: figures, charts, the table, and what was left out. */
export function ReportSheet({ model }: { readonly model: ReportModel }) {
  const { t } = useReportTexts()
  const cellText = useMemo(() => cellTextIn(t), [t])
  return (
    <>
      <dl className={classes.figures}>
        {model.totals.map(({ label, kind, value }) => (
          <div key={label} className={classes.figure}>
            <dt>{label}</dt>
            <dd>{cellText(value, kind) || '–'}</dd>
          </div>
        ))}
      </dl>
      {model.charts.map(
        (chart) => chart.points.length > 0 && <ReportChart key={chart.title} chart={chart} cellText={cellText} />,
      )}
      <Rows key={model.definition} model={model} cellText={cellText} />
      {model.notes.length > 0 && (
        <ul className={classes.notes}>
          {model.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </>
  )
}

/** More rows than anybody reads at once would only make the page slow. */
const ROWS_AT_ONCE = 100

type RowsProps = { readonly model: ReportModel; readonly cellText: CellText }

function Rows({ model: { columns, rows, totals, title }, cellText }: RowsProps) {
  const { t } = useTranslation()
  const [shown, setShown] = useState(ROWS_AT_ONCE)
  if (rows.length === 0) return <p className={classes.nothing}>{t('report.document.no-rows')}</p>
  const hidden = rows.length - shown
  return (
    // A table wider than the screen is moved with the arrows, so it takes the keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable (WCAG 2.1.1)
    <section className={classes.tableBox} aria-label={t('reports.table-of', { title })} tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>
            {columns.map(({ key, label, kind }) => (
              <th key={key} scope="col" data-kind={sideOf(kind)}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, shown).map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity of their own and are never moved
            <tr key={index}>
              {columns.map(({ key, kind }, column) => (
                <td key={key} data-kind={sideOf(kind)}>
                  <bdi>{cellText(row[column] ?? null, kind)}</bdi>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            {columns.map(({ key, kind }, index) => {
              const total = totals.find(({ column }) => column === key)
              return (
                <td key={key} data-kind={sideOf(kind)}>
                  {total ? cellText(total.value, total.kind) : index === 0 && t('report.document.total')}
                </td>
              )
            })}
          </tr>
        </tfoot>
      </table>
      {hidden > 0 && (
        <p className={classes.more}>
          {t('reports.rows-shown', { shown, count: rows.length })}
          <Button onClick={() => setShown(shown + ROWS_AT_ONCE * 5)}>{t('reports.more-rows')}</Button>
        </p>
      )}
    </section>
  )
}

const sideOf = (kind: CellKind): 'number' | 'text' =>
  kind === 'text' || kind === 'date' || kind === 'time' ? 'text' : 'number'
