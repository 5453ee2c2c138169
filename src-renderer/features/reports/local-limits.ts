/** Which reports this computer can make by itself. What it cannot is refused in words; no period is ever shortened. */
import type { ReportDefinition } from '#domain/report/report-definitions.ts'
import type { ReportFilter } from '#domain/report/report-filter.ts'
import { reachOf } from '#domain/sync/window.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'

/** Made of reminders, of equipment and of past versions of visits, none of which is ever on a device. */
const ONLY_ON_SERVER: readonly ReportDefinition[] = ['third-next-available', 'reminder-effect', 'activity']

export type LocalRefusal =
  /** What the report is made of is not on any device. */
  | 'only-on-server'
  /** Days that are not, or no longer, on this device. */
  | 'outside-window'
  /** The first download is still running: whatever is counted now would be too little. */
  | 'receiving'

/** @returns why the report cannot be made here, or undefined when it can */
export function refusalHere(
  definition: ReportDefinition,
  { from, until }: Pick<ReportFilter, 'from' | 'until'>,
  { today, hasAll }: { readonly today: LocalDay; readonly hasAll: boolean },
): LocalRefusal | undefined {
  if (ONLY_ON_SERVER.includes(definition)) return 'only-on-server'
  if (reachOf(from, today) !== 'held' || reachOf(until, today) !== 'held') return 'outside-window'
  return hasAll ? undefined : 'receiving'
}
