import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toCsv } from '#domain/report/csv.ts'
import { wordOf } from '#renderer/clinic/word-of.ts'
import type { Platform } from '#renderer/platform/types.ts'
import list from '#renderer/ui/parts/settings-list.module.css'

type Row = { readonly line: number; readonly field?: string; readonly reason: string }
type LeftOutProps = {
  readonly platform: Pick<Platform, 'saveFile'>
  readonly title: string
  readonly rows: readonly Row[]
}

/** Shown at most; the file holds all of them. */
const SHOWN = 10

/** Rows that stay out, and why: the first ones here, all of them as a file. */
export function LeftOut({ platform, title, rows }: LeftOutProps) {
  const { t, i18n } = useTranslation()
  const [problem, setProblem] = useState('')
  if (rows.length === 0) return <p>{title}</p>
  const heads = [t('settings.import.line'), t('settings.import.column'), t('settings.import.why')]
  const wordsOf = ({ line, field = '', reason }: Row): string[] => [
    String(line),
    field,
    i18n.exists(`settings.import.reasons.${reason}`)
      ? wordOf(i18n, 'settings.import.reasons', reason)
      : wordOf(i18n, 'refusal', reason),
  ]
  const save = async (): Promise<void> => {
    const content = toCsv([heads, ...rows.map(wordsOf)])
    const answer = await platform.saveFile({ name: 'import-problems.csv', kind: 'csv', content })
    setProblem(answer.outcome === 'error' ? t('error.export-failed', { why: answer.reason }) : '')
  }
  return (
    <>
      <p>{title}</p>
      <table className={list.table}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, SHOWN).map((row) => {
            const [line, field, why] = wordsOf(row)
            return (
              <tr key={`${line} ${field} ${row.reason}`}>
                <td>{line}</td>
                <td>
                  <bdi>{field}</bdi>
                </td>
                <td>{why}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
      <div className={list.steps}>
        <Button onClick={() => void save()}>{t('settings.import.save-problems')}</Button>
        <span role="alert">{problem}</span>
      </div>
    </>
  )
}
