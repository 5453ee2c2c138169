import type { CellKind, ReportCell, Translate } from '#domain/report/report-model.ts'

/** A cell as people read it, in their language: `12.5 %`, `90 min`, an empty text where nothing is known. */
export type CellText = (cell: ReportCell, kind: CellKind) => string

export function cellTextIn(t: Translate): CellText {
  return (cell, kind) => {
    if (cell === null) return ''
    if (typeof cell === 'string') return cell
    if (kind === 'percent') return t('report.units.percent', { value: rounded(cell * 100) })
    return kind === 'duration' ? t('report.units.minutes', { value: rounded(cell) }) : String(rounded(cell))
  }
}

/** To one decimal; a whole number without. */
const rounded = (value: number): number => Math.round(value * 10) / 10
