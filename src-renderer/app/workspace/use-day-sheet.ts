import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { type DaySheet, daySheet } from '#domain/report/day-sheet.ts'
import { useLastContact } from '#renderer/clinic/use-last-contact.ts'
import { daySheetWords } from '#renderer/features/day-sheet/day-sheet-words.ts'
import { exportDaySheet } from '#renderer/features/day-sheet/export-day-sheet.ts'
import { printDaySheet, takePrintedAway } from '#renderer/features/day-sheet/print-day-sheet.ts'
import { renderInWorker } from '#renderer/features/reports/render-in-worker.ts'
import { useReportTexts } from '#renderer/features/reports/use-report-texts.ts'
import { readDay } from '#renderer/local-db/read-day.ts'
import { showProblem } from '#renderer/ui/parts/toasts.tsx'
import type { DeskParts } from './desk-parts.ts'
import type { CommandRuns } from './run-command.ts'
import { useView } from './view-state.ts'

/** The day on the board as a sheet. Without such a day, or without its visits on this computer, there is nothing to run. */
export function useDaySheet({ host, clinic, clinicDay }: DeskParts): CommandRuns {
  const { t, i18n } = useTranslation()
  const { language, catalogue } = useReportTexts()
  const lastContact = useLastContact()
  const isOnBoard = useView((view) => view.screen) === 'board'
  const { day, reach, appointments } = clinicDay
  // Names must not stay on a page that is locked or left.
  useEffect(() => takePrintedAway, [])
  if (!isOnBoard || reach !== 'held' || !appointments || !clinic.mayEver('view-appointments')) return {}

  const sheetNow = async (): Promise<DaySheet> => {
    const source = await readDay(host.session.database, day)
    const { name: clinicName, zone } = clinic.desk.user.clinic
    const asOf = lastContact ?? clinic.desk.now()
    return daySheet(source, daySheetWords(t, i18n.language, { day, clinicName, zone, asOf }))
  }
  const exportSheet = async (): Promise<void> => {
    const result = await exportDaySheet(sheetNow(), t('day-sheet.file-name', { day }), {
      platform: host.platform,
      render: (sheet) => renderInWorker({ sheet, format: 'pdf', language, texts: catalogue }),
    })
    if (result.outcome === 'error') showProblem(t('error.export-failed', { why: result.reason }))
  }
  const printSheet = async (): Promise<void> => {
    try {
      await printDaySheet(await sheetNow(), host.platform)
    } catch (error) {
      showProblem(t('error.print-failed', { why: error instanceof Error ? error.message : String(error) }))
    }
  }
  return { 'file.export-day-pdf': () => void exportSheet(), 'file.print-day-sheet': () => void printSheet() }
}
