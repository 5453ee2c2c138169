import type { CellKind, ReportCell } from '#domain/report/report-model.ts'

/** A cell as people read it: `12.5 %`, `90 min`, an empty text where nothing is known. */
export function cellText(cell: ReportCell, kind: CellKind): string {
  if (cell === null) return ''
  if (typeof cell === 'string') return cell
  if (kind === 'percent') return `${rounded(cell * 100)} %`
  return kind === 'duration' ? `${rounded(cell)} min` : String(rounded(cell))
}

/** To one decimal; a whole number without. */
const rounded = (value: number): number => Math.round(value * 10) / 10
