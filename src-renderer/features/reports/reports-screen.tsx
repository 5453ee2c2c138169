import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can } from '#domain/access/can.ts'
import type { ReportDefinition } from '#domain/report/report-definitions.ts'
import type { ReportModel } from '#domain/report/report-model.ts'
import { windowOf } from '#domain/sync/window.ts'
import { addDays, type LocalDay, localDayOf } from '#domain/time/clinic-time.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useNow } from '#renderer/clinic/use-now.ts'
import { useLocalDb, useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import type { Platform } from '#renderer/platform/types.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { showProblem } from '#renderer/ui/parts/toasts.tsx'
import { ExportStatus, ExportWays } from './export-ways.tsx'
import { type LocalRefusal, refusalHere } from './local-limits.ts'
import { OwnReports } from './own-reports.tsx'
import { filterOf, firstChoice } from './report-choice.ts'
import { ReportForm } from './report-form.tsx'
import { ReportSheet } from './report-sheet.tsx'
import classes from './reports.module.css'
import { ScheduleList } from './schedule-list.tsx'
import { type Exports, useExports } from './use-exports.ts'
import { useLocalReport } from './use-local-report.ts'
import { useReportTexts } from './use-report-texts.ts'
import { useSchedules } from './use-schedules.ts'

type ScreenProps = { readonly clinic: Clinic; readonly api: ServerApi; readonly platform: Platform }

/** A report on the screen at once, from what is on this computer; as a file from here or from the server, now or every week. */
export function ReportsScreen({ clinic, api, platform }: ScreenProps) {
  const today = localDayOf(useNow(), clinic.zone)
  const [choice, setChoice] = useState(() => firstChoice(today))
  const texts = useReportTexts()
  const { definition } = choice
  const filter = useMemo(() => filterOf(choice, today), [choice, today])
  const question = useMemo(() => filter && { definition, filter }, [definition, filter])
  const hasAll = useSyncStatus().initialSync.done
  const refusal = filter && refusalHere(definition, filter, { today, hasAll })
  const model = useLocalReport(question && !refusal ? question : null, texts)
  const exports = useExports({ api, platform, texts, zone: clinic.zone, question, model })
  return (
    <div className={classes.screen}>
      <ReportForm clinic={clinic} today={today} choice={choice} onChange={setChoice} />
      <Sheet
        definition={definition}
        today={today}
        model={model}
        refusal={refusal}
        isPeriod={filter !== undefined}
        exports={exports}
      />
      <OwnReports server={exports.server} isOnline={exports.isOnline} onSave={(report) => void exports.save(report)} />
      {can(clinic.subject, 'view-reports', { clinicId: clinic.subject.clinicId }) && (
        <KeptSchedules clinic={clinic} api={api} isOnline={exports.isOnline} />
      )}
    </div>
  )
}

type SheetProps = {
  readonly definition: ReportDefinition
  readonly today: LocalDay
  readonly model: ReportModel | undefined
  readonly refusal: LocalRefusal | undefined
  readonly isPeriod: boolean
  readonly exports: Exports
}

function Sheet({ definition, today, model, refusal, isPeriod, exports }: SheetProps) {
  const { t, i18n } = useTranslation()
  const canMake = exports.maker === 'server' ? isPeriod : model !== undefined
  return (
    <section className={classes.sheet} aria-label={t(`report.titles.${definition}`)}>
      <header className={classes.sheetHead}>
        <div>
          <h2>{t(`report.titles.${definition}`)}</h2>
          {model && (
            <p className={classes.quiet}>
              {inReadingOrder([...model.filter, model.asOf.text].join(' · '), i18n.dir())}
            </p>
          )}
        </div>
        <ExportWays exports={exports} canMake={canMake} />
      </header>
      <ExportStatus exports={exports} />
      {!isPeriod && <p className={classes.refusal}>{t('reports.no-period')}</p>}
      {refusal && <Refusal refusal={refusal} today={today} isOnline={exports.isOnline} />}
      {model && <ReportSheet model={model} />}
    </section>
  )
}

function Refusal({
  refusal,
  today,
  isOnline,
}: {
  readonly refusal: LocalRefusal
  readonly today: LocalDay
  readonly isOnline: boolean
}) {
  const { t } = useTranslation()
  const format = useFormat()
  const { from, until } = windowOf(today)
  return (
    <p className={classes.refusal}>
      {t(`reports.refused.${refusal}`, { from: format.longDay(from), until: format.longDay(addDays(until, -1)) })}{' '}
      {refusal !== 'receiving' && t(isOnline ? 'reports.server-can' : 'reports.server-could')}
    </p>
  )
}

function KeptSchedules({
  clinic,
  api,
  isOnline,
}: Pick<ScreenProps, 'clinic' | 'api'> & { readonly isOnline: boolean }) {
  const { t } = useTranslation()
  const { user } = useLocalDb()
  const schedules = useSchedules(api.reports, {
    isOnline,
    self: user,
    maySeePeople: clinic.mayEver('manage-users'),
    onFailure: (failure) => showProblem(failure.kind === 'offline' ? t('reports.no-server') : failure.message),
  })
  return <ScheduleList clinic={clinic} schedules={schedules} isOnline={isOnline} />
}

/** Days and times as they are written, also where the words around them run from right to left (Unicode isolates, UAX 9). */
const inReadingOrder = (text: string, direction: string): string =>
  direction === 'rtl' ? text.replace(/\d{4}-\d\d-\d\d( \d\d:\d\d)?/g, '\u2066$&\u2069') : text
