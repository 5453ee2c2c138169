import { useEffect, useState } from 'react'
import { debounceTime, merge } from 'rxjs'
import type { ReportModel } from '#domain/report/report-model.ts'
import { useLastContact } from '#renderer/clinic/use-last-contact.ts'
import { useDesk, useLocalDb, usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import { localReport, type ReportQuestion } from './local-report.ts'
import type { ReportTexts } from './use-report-texts.ts'

/** Changes come in batches; one new count for each is enough. */
const SETTLE_MS = 400

type Answer = { readonly question: ReportQuestion; readonly model: ReportModel }

/**
 * The report of what is on this computer, counted anew when that changes. Undefined until this very question is answered, so
 * that one report's figures never stand under another's title.
 * @param question the same object until another report is wanted; null asks nothing
 */
export function useLocalReport(question: ReportQuestion | null, { t }: ReportTexts): ReportModel | undefined {
  const { database } = useLocalDb()
  const desk = useDesk()
  const lookup = usePatientLookup()
  const lastContact = useLastContact()
  const [answer, setAnswer] = useState<Answer>()
  useEffect(() => {
    if (!question) return
    let isWanted = true
    const count = async (): Promise<void> => {
      const asOf = lastContact ?? desk.now()
      const patientName = (id: Parameters<typeof lookup>[0]): string => lookup(id)?.name ?? ''
      const model = await localReport(question, { desk, asOf, t, patientName })
      if (isWanted) setAnswer({ question, model })
    }
    void count()
    const { appointments, doctors, schedules, schedule_templates } = database
    const changes = merge(appointments.$, doctors.$, schedules.$, schedule_templates.$).pipe(debounceTime(SETTLE_MS))
    const subscription = changes.subscribe(() => void count())
    return () => {
      isWanted = false
      subscription.unsubscribe()
    }
  }, [question, database, desk, lookup, lastContact, t])
  return answer?.question === question ? answer?.model : undefined
}
