import { useTranslation } from 'react-i18next'
import { type FieldText, fieldTextOf } from './field-text.ts'
import classes from './sync-inbox.module.css'

type VersionsProps = {
  /** Which fields to set side by side; those without a name people know are left out. */
  readonly fields: readonly string[]
  readonly wanted: object
  /** Undefined where this computer no longer has it. */
  readonly current: object | undefined
  readonly text: FieldText
}

/** What was wanted and what stands, field by field. */
export function RecordVersions({ fields, wanted, current, text }: VersionsProps) {
  const { t } = useTranslation()
  const rows = fields.flatMap((field) => {
    const label = text.labelOf(field)
    return label === null ? [] : [{ field, label }]
  })
  if (rows.length === 0) return null
  return (
    <table className={classes.versions}>
      <thead>
        <tr>
          <td />
          <th scope="col">{t('inbox.wanted')}</th>
          <th scope="col">{t('inbox.as-it-stands')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ field, label }) => (
          <tr key={field}>
            <th scope="row">{label}</th>
            <td data-wish>
              <bdi>{fieldTextOf(text, wanted, field)}</bdi>
            </td>
            <td>
              <bdi>{current ? fieldTextOf(text, current, field) : '…'}</bdi>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
