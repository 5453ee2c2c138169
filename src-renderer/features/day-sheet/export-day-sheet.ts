/** File > Export day sheet as PDF…: made on this computer, with or without the server. */
import type { DaySheet } from '#domain/report/day-sheet.ts'
import type { Platform, SaveResult } from '#renderer/platform/types.ts'

export type SheetHost = {
  readonly platform: Pick<Platform, 'saveFile'>
  /** The sheet as the bytes of a PDF file. */
  readonly render: (sheet: DaySheet) => Promise<Uint8Array>
}

/** Asks the host where the file goes and writes it there; cancelling writes nothing. */
export async function exportDaySheet(
  sheet: Promise<DaySheet>,
  name: string,
  { platform, render }: SheetHost,
): Promise<SaveResult> {
  try {
    return await platform.saveFile({ name, kind: 'pdf', content: await render(await sheet) })
  } catch (error) {
    return { outcome: 'error', reason: error instanceof Error ? error.message : String(error) }
  }
}
