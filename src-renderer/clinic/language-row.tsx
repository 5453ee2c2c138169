import { useTranslation } from 'react-i18next'
import { LANGUAGES, type Language, ownName } from '#domain/language/languages.ts'
import classes from './language-row.module.css'

/** Every language by its own name, so that whoever cannot read the present one finds theirs. */
export function LanguageRow({ onChoose }: { readonly onChoose: (language: Language) => void }) {
  const { t, i18n } = useTranslation()
  return (
    <nav aria-label={t('language.title')}>
      <ul className={classes.row}>
        {LANGUAGES.map((language) => (
          <li key={language}>
            <button
              type="button"
              lang={language}
              className={classes.language}
              aria-current={language === i18n.language || undefined}
              onClick={() => onChoose(language)}
            >
              {ownName(language)}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  )
}
