import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Doctor } from '#domain/people/people-schemas.ts'
import classes from './doctor-face.module.css'
import { initialsOf } from './initials.ts'

/** A doctor at a glance: initials, name, specialization and languages. */
export function DoctorFace({ doctor }: { readonly doctor: Doctor }) {
  const languages = useLanguageNames(doctor.languages)
  return (
    <span className={classes.face}>
      <span className={classes.initials} aria-hidden>
        {initialsOf(doctor.name)}
      </span>
      <span className={classes.words}>
        <bdi className={classes.name}>{doctor.name}</bdi>
        <bdi className={classes.about}>{doctor.specialization}</bdi>
        {languages !== '' && <span className={classes.about}>{languages}</span>}
      </span>
    </span>
  )
}

/** Languages by their names in the reader's own. */
function useLanguageNames(tags: readonly string[]): string {
  const { i18n } = useTranslation()
  return useMemo(() => {
    const names = new Intl.DisplayNames([i18n.language], { type: 'language' })
    const list = new Intl.ListFormat(i18n.language, { type: 'unit' })
    return list.format(tags.map((tag) => names.of(tag) ?? tag))
  }, [tags, i18n.language])
}
