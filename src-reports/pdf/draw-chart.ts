import type { ReportChart } from '#domain/report/report-model.ts'
import type { CellText } from '#reports/cell-text.ts'
import { ACCENT, FAINT, INK, type Pen, SHADE } from './pen.ts'

const TITLE = 10
const SIZE = 8
const BAR = 14
const LABEL_SHARE = 0.3
const VALUE_WIDTH = 60
/** Beyond these a chart of bars is a table. */
const MOST_BARS = 25
const LINE_HEIGHT = 90

/** Draws a chart where the pen is. */
export function drawChart(pen: Pen, chart: ReportChart, text: CellText): void {
  if (chart.points.length === 0) return
  pen.makeRoom(TITLE * 2 + (chart.form === 'line' ? LINE_HEIGHT + SIZE * 2 : BAR * 2))
  pen.paragraph(chart.title, TITLE)
  if (chart.form === 'bar') drawBars(pen, chart, text)
  else drawLine(pen, chart, text)
  pen.y += TITLE
}

function drawBars(pen: Pen, { points, kind }: ReportChart, cellText: CellText): void {
  const labelWidth = pen.width * LABEL_SHARE
  const longest = pen.width - labelWidth - VALUE_WIDTH
  const most = Math.max(...points.map(({ value }) => value), Number.EPSILON)
  for (const { label, value } of points.slice(0, MOST_BARS)) {
    pen.makeRoom(BAR)
    const [text] = pen.layout.wrap(label, (labelWidth - 6) / SIZE)
    if (text) pen.draw(text, pen.left, pen.y + 1, SIZE)
    const length = (Math.max(value, 0) / most) * longest
    pen.fill(pen.left + labelWidth, pen.y + 2, longest, BAR - 5, SHADE)
    pen.fill(pen.left + labelWidth, pen.y + 2, length, BAR - 5, ACCENT)
    pen.draw(pen.layout.line(cellText(value, kind)), pen.left + labelWidth + longest + 6, pen.y + 1, SIZE, INK)
    pen.y += BAR
  }
}

function drawLine(pen: Pen, { points, kind }: ReportChart, cellText: CellText): void {
  const most = Math.max(...points.map(({ value }) => value), 1)
  const [top, bottom] = [pen.y + SIZE, pen.y + LINE_HEIGHT]
  const left = pen.left + VALUE_WIDTH / 2
  const step = points.length > 1 ? (pen.width - VALUE_WIDTH / 2) / (points.length - 1) : 0
  const placeOf = (index: number, value: number): readonly [number, number] => [
    left + step * index,
    bottom - (value / most) * (bottom - top),
  ]
  pen.draw(pen.layout.line(cellText(most, kind)), pen.left, top - SIZE / 2, SIZE, FAINT)
  pen.draw(pen.layout.line(cellText(0, kind)), pen.left, bottom - SIZE, SIZE, FAINT)
  pen.stroke([left, bottom], [pen.left + pen.width, bottom], FAINT, 0.5)
  for (const [index, { value }] of points.entries()) {
    const before = points[index - 1]
    if (before) pen.stroke(placeOf(index - 1, before.value), placeOf(index, value), ACCENT, 1.2)
    else pen.fill(placeOf(0, value)[0] - 1, placeOf(0, value)[1] - 1, 2, 2, ACCENT)
  }
  const first = pen.layout.line(points[0]?.label ?? '')
  const last = pen.layout.line(points.at(-1)?.label ?? '')
  pen.draw(first, left, bottom + 2, SIZE, FAINT)
  if (points.length > 1) pen.draw(last, pen.left + pen.width - last.width * SIZE, bottom + 2, SIZE, FAINT)
  pen.y = bottom + SIZE * 2
}
