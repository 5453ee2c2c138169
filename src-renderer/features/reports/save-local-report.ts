/** The report on the screen as a file, made on this computer. */
import type { ReportModel } from '#domain/report/report-model.ts'
import { toLocal } from '#domain/time/clinic-time.ts'
import type { Platform, SaveResult } from '#renderer/platform/types.ts'
import { formatFor, type ReportFormat, whyInWords } from '#reports/format-for.ts'
import type { ReportWork } from './render-worker.ts'
import type { ReportTexts } from './use-report-texts.ts'

export type SaveDeps = {
  readonly platform: Pick<Platform, 'saveFile'>
  readonly texts: ReportTexts
  readonly render: (work: ReportWork) => Promise<Uint8Array>
}

/** What became of it; `note` says why the file is not of the kind that was wanted, and is empty when it is. */
export type LocalSave = SaveResult & { readonly note: string }

/** Asks the host where the file goes and writes it there; cancelling writes nothing. */
export async function saveLocalReport(
  model: ReportModel,
  days: { readonly from: string; readonly until: string },
  wanted: ReportFormat,
  { platform, texts, render }: SaveDeps,
): Promise<LocalSave> {
  const choice = formatFor(wanted, model.rows.length)
  const note = whyInWords(choice, texts.t)
  const { language, catalogue } = texts
  try {
    const content = await render({ model, format: choice.format, language, texts: catalogue })
    const name = texts.fileName({ title: model.title, ...days, ...stampOf(model), ending: choice.format })
    return { ...(await platform.saveFile({ name, kind: choice.format, content })), note }
  } catch (error) {
    return { outcome: 'error', reason: error instanceof Error ? error.message : String(error), note }
  }
}

/** When what the file says was so: a CSV file has no other place for it. A colon is no part of a file's name. */
function stampOf({ asOf: { instant, zone } }: ReportModel): { readonly day: string; readonly time: string } {
  const { day, time } = toLocal(instant, zone)
  return { day, time: time.replace(':', '.') }
}
