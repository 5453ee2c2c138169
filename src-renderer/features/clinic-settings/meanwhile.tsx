import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import list from '#renderer/ui/parts/settings-list.module.css'
import type { FieldSpec, FormValues } from '#renderer/ui/record-form/field-spec.ts'

type MeanwhileProps = {
  readonly fields: readonly FieldSpec[]
  readonly mine: FormValues
  readonly theirs: FormValues
  readonly onTheirs: () => void
  readonly onMine: () => void
}

/** Somebody else saved the same record since it was read: what stands there now, beside what was typed here. */
export function Meanwhile({ fields, mine, theirs, onTheirs, onMine }: MeanwhileProps) {
  const { t } = useTranslation()
  const words = { on: t('settings.on'), off: t('settings.off'), nothing: t('settings.nothing') }
  const differing = fields.filter(({ name }) => JSON.stringify(mine[name]) !== JSON.stringify(theirs[name]))
  return (
    <div className={list.warning}>
      <p>{t('settings.meanwhile.about')}</p>
      <ul>
        {differing.map((field) => (
          <li key={field.name}>
            {t('settings.meanwhile.differs', {
              field: field.label,
              theirs: shown(field, theirs[field.name], words),
              mine: shown(field, mine[field.name], words),
            })}
          </li>
        ))}
      </ul>
      <div className={list.steps}>
        <Button onClick={onTheirs}>{t('settings.meanwhile.take-theirs')}</Button>
        <Button variant="subtle" onClick={onMine}>
          {t('settings.meanwhile.keep-mine')}
        </Button>
      </div>
    </div>
  )
}

type Words = { readonly on: string; readonly off: string; readonly nothing: string }

/** A value in the words of its field. */
function shown(field: FieldSpec, value: unknown, words: Words): string {
  if (field.kind === 'switch') return value === true ? words.on : words.off
  const named = (one: unknown): string =>
    ('choices' in field && field.choices.find((choice) => choice.value === one)?.label) || String(one)
  const none = ('none' in field && field.none) || words.nothing
  if (Array.isArray(value)) return value.length === 0 ? none : value.map(named).join(', ')
  if (value === null || value === undefined || value === '') return none
  return 'unit' in field && field.unit ? `${named(value)} ${field.unit}` : named(value)
}
