/**
 * Makes one report and ends. Started by the report service with a ceiling for its memory; on SQLite it reads the file itself, so
 * that no query of a report stands in the way of the server.
 */

import type { AppointmentId } from '#domain/ids.ts'
import { type MadeReport, makeReport, type ReportJob } from '#server/operations/reports/make-report.ts'

export type FromWorker =
  | { readonly kind: 'progress'; readonly percent: number }
  | { readonly kind: 'shown'; readonly ids: readonly AppointmentId[] }
  | { readonly kind: 'made'; readonly made: MadeReport }
  | { readonly kind: 'failed'; readonly code: 'no-space' | 'crashed' }

/** Resolves when the message is on its way, so that nothing is lost at the end. */
const tell = (message: FromWorker): Promise<void> =>
  new Promise((resolve) => {
    process.send?.(message, () => resolve())
  })

async function work(job: ReportJob): Promise<void> {
  try {
    const made = await makeReport(job, {
      progress: (percent) => void tell({ kind: 'progress', percent }),
      shown: (ids) => void tell({ kind: 'shown', ids }),
    })
    await tell({ kind: 'made', made })
  } catch (error) {
    await tell({ kind: 'failed', code: isFullDisk(error) ? 'no-space' : 'crashed' })
  }
  process.disconnect()
}

const FULL: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT'])
const isFullDisk = (error: unknown): boolean => error instanceof Error && 'code' in error && FULL.has(error.code)

process.once('message', (job) => void work(job as ReportJob))
// Without the server nobody waits for the report.
process.once('disconnect', () => process.exit())
