import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Translate } from '#domain/report/report-model.ts'

/** The words of reports in the language of the screen. */
export type ReportTexts = {
  readonly t: Translate
  readonly language: string
  /** The group `report` of the catalogue, for the worker. */
  readonly catalogue: unknown
  readonly fileName: (
    values: Readonly<Record<'title' | 'from' | 'until' | 'day' | 'time' | 'ending', string>>,
  ) => string
}

export function useReportTexts(): ReportTexts {
  const { t, i18n } = useTranslation()
  return useMemo(() => {
    const bundle = (i18n.getResourceBundle(i18n.language, 'translation') ?? {}) as { readonly report?: unknown }
    return {
      t: (key, values) => String(i18n.t(key as never, values as never)),
      language: i18n.language,
      catalogue: bundle.report,
      fileName: (values) => t('reports.file-name', values),
    }
  }, [t, i18n, i18n.language])
}
