/** File > Export day list as CSV…: the day as this device holds it, with or without the server. */
import { APPOINTMENT_STATUSES } from '#domain/appointment/appointment-status.ts'
import { DAY_LIST_COLUMNS, type DayListLabels, dayListCsv } from '#domain/report/day-list-csv.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { LocalDatabase } from '#renderer/local-db/local-database.ts'
import { readDay } from '#renderer/local-db/read-day.ts'
import type { Platform, SaveResult } from '#renderer/platform/types.ts'

/** Texts by key, as i18next gives them. */
export type Translate = (key: string, values?: Record<string, string>) => string

/** Asks the host where the file goes and writes it there; cancelling writes nothing. */
export async function exportDayList(
  database: LocalDatabase,
  platform: Pick<Platform, 'saveFile'>,
  day: LocalDay,
  translate: Translate,
): Promise<SaveResult> {
  const content = dayListCsv(await readDay(database, day), labelsOf(translate))
  return platform.saveFile({ name: translate('day-list.file-name', { day }), kind: 'csv', content })
}

function labelsOf(translate: Translate): DayListLabels {
  const texts = <Key extends string>(keys: readonly Key[], group: string): Record<Key, string> =>
    Object.fromEntries(keys.map((key) => [key, translate(`day-list.${group}.${key}`)])) as Record<Key, string>
  return { columns: texts(DAY_LIST_COLUMNS, 'columns'), statuses: texts(APPOINTMENT_STATUSES, 'statuses') }
}
