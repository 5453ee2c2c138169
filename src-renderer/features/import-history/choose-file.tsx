import { Button, FileInput, Select } from '@mantine/core'
import { type FormEvent, useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IMPORT_BYTES, type ImportJob } from '#domain/api/import-api.ts'
import { proposeMapping } from '#domain/import/propose-mapping.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import type { ImportCalls } from '#renderer/server-api/import-calls.ts'
import { useLoaded } from '#renderer/server-api/use-loaded.ts'
import list from '#renderer/ui/parts/settings-list.module.css'
import form from '#renderer/ui/record-form/record-form.module.css'

type ChooseProps = { readonly calls: ImportCalls; readonly onPlanned: (job: ImportJob) => void }

/** So much of a file holds its first line. */
const HEAD_BYTES = 16 * 1024
const MEGABYTE = 1024 * 1024

/** The file, and the kind of file it is: proposed by its first line. */
export function ChooseFile({ calls, onPlanned }: ChooseProps) {
  const { t } = useTranslation()
  const words = useFailure()
  const { value, problem: unread } = useLoaded(useCallback(() => calls.listMappings(), [calls]))
  const mappings = value?.mappings ?? []
  const [file, setFile] = useState<File | null>(null)
  const [head, setHead] = useState<{ readonly of: File; readonly line: string } | null>(null)
  const [chosen, setChosen] = useState<string | null>(null)
  // Worked out anew with every answer: a file may be chosen before the server has said which kinds there are.
  const isRead = head !== null && head.of === file
  const proposal = isRead && mappings.length > 0 ? proposeMapping(head.line, mappings) : null
  const mapping = chosen ?? proposal?.mapping?.name ?? null
  const [refused, setRefused] = useState<ApiFailure | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const isTooLarge = file !== null && file.size > IMPORT_BYTES
  const choose = async (next: File | null): Promise<void> => {
    setFile(next)
    setRefused(null)
    setChosen(null)
    if (next === null) return
    const [line = ''] = (await next.slice(0, HEAD_BYTES).text()).split(/\r\n|\n|\r/, 1)
    setHead({ of: next, line })
  }
  const look = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (file === null || mapping === null) return
    setIsBusy(true)
    const answer = await calls.plan(mapping, file)
    setIsBusy(false)
    if (answer.ok) onPlanned(answer.value.import)
    else setRefused(answer)
  }
  const problem = refused ?? unread
  return (
    <form className={form.form} onSubmit={(event) => void look(event)} aria-label={t('settings.sections.import')}>
      <FileInput
        label={t('settings.import.file')}
        description={t('settings.import.file-about', { megabytes: IMPORT_BYTES / MEGABYTE })}
        placeholder={t('settings.import.choose')}
        accept=".csv,text/csv"
        value={file}
        error={isTooLarge && t('settings.import.too-large')}
        onChange={(next) => void choose(next)}
      />
      <Select
        label={t('settings.import.kind')}
        description={mappings.find(({ name }) => name === mapping)?.summary}
        placeholder={t('settings.import.no-kind')}
        data={mappings.map(({ name }) => ({ value: name, label: name }))}
        value={mapping}
        onChange={setChosen}
      />
      <div role="status">
        {proposal?.nearest && (
          <p className={list.warning}>
            {t('settings.import.lacks', { kind: proposal.nearest.name, columns: proposal.missing.join(', ') })}
          </p>
        )}
      </div>
      <div role="alert">{problem && <p className={list.problem}>{words(problem)}</p>}</div>
      <div className={form.steps}>
        <Button
          type="submit"
          variant="filled"
          loading={isBusy}
          disabled={file === null || mapping === null || isTooLarge}
        >
          {t('settings.import.look')}
        </Button>
      </div>
    </form>
  )
}
