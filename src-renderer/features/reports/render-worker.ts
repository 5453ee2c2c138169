/** Makes one file beside the page, so that the page never stands still, and says what came of it. */
import i18next from 'i18next'
import type { ReportModel, Translate } from '#domain/report/report-model.ts'
import type { ReportFormat } from '#reports/format-for.ts'
import { renderReport } from './render-report.ts'

export type RenderJob = {
  readonly model: ReportModel
  readonly format: ReportFormat
  readonly language: string
  /** The group `report` of the language's catalogue. */
  readonly texts: unknown
  /** A TrueType font that has the characters of most scripts; null where the format needs none. */
  readonly font: Uint8Array | null
}

export type RenderAnswer =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly reason: string }

async function render({ model, format, language, texts, font }: RenderJob): Promise<RenderAnswer> {
  try {
    const fonts = font ? [{ name: 'DejaVuSans', read: () => font }] : []
    return { ok: true, bytes: await renderReport(model, format, translator(language, texts), fonts) }
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
