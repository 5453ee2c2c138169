/** Makes one file beside the page, so that the page never stands still, and says what came of it. */
import i18next from 'i18next'
import type { DaySheet } from '#domain/report/day-sheet.ts'
import type { ReportModel, Translate } from '#domain/report/report-model.ts'
import type { ReportFormat } from '#reports/format-for.ts'
import { renderDaySheet } from '#reports/pdf/render-day-sheet.ts'
import { renderReport } from './render-report.ts'

type Language = {
  readonly language: string
  /** The group `report` of the language's catalogue. */
  readonly texts: unknown
}
export type ReportWork = Language & { readonly model: ReportModel; readonly format: ReportFormat }
export type SheetWork = Language & { readonly sheet: DaySheet; readonly format: 'pdf' }

export type RenderJob = {
  readonly work: ReportWork | SheetWork
  /** A TrueType font that has the characters of most scripts; null where the format needs none. */
  readonly font: Uint8Array | null
}

export type RenderAnswer =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly reason: string }

async function render({ work, font }: RenderJob): Promise<RenderAnswer> {
  try {
    const fonts = font ? [{ name: 'DejaVuSans', read: () => font }] : []
    const t = translator(work.language, work.texts)
    if ('sheet' in work) return { ok: true, bytes: renderDaySheet(work.sheet, t, fonts) }
    return { ok: true, bytes: await renderReport(work.model, work.format, t, fonts) }
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) }
  }
}

function translator(language: string, report: unknown): Translate {
  const instance = i18next.createInstance()
  void instance.init({
    lng: language,
    resources: { [language]: { translation: { report } as never } },
    initAsync: false,
    interpolation: { escapeValue: false },
  })
  return (key, values) => String(instance.t(key as never, values as never))
}

addEventListener('message', ({ data }: MessageEvent<RenderJob>) => {
  void render(data).then((answer) => postMessage(answer, { transfer: answer.ok ? [answer.bytes.buffer] : [] }))
})
