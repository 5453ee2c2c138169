import type { ReportChart as Chart } from '#domain/report/report-model.ts'
import type { CellText } from '#reports/cell-text.ts'
import classes from './reports.module.css'

/** Bars from zero, each with its name and its value in words: what a chart says is never told by its length alone. */
type ChartProps = { readonly chart: Chart; readonly cellText: CellText }

export function ReportChart({ chart: { title, kind, points }, cellText }: ChartProps) {
  const most = Math.max(...points.map(({ value }) => value), 0)
  return (
    <figure className={classes.chart}>
      <figcaption>{title}</figcaption>
      <ul>
        {points.map(({ label, value }) => (
          <li key={label}>
            <bdi className={classes.barName}>{label}</bdi>
            <span className={classes.barTrack} aria-hidden>
              <span className={classes.bar} style={{ inlineSize: `${most > 0 ? (value / most) * 100 : 0}%` }} />
            </span>
            <span className={classes.barValue}>{cellText(value, kind)}</span>
          </li>
        ))}
      </ul>
    </figure>
  )
}
