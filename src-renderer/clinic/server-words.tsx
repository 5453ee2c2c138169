import { useTranslation } from 'react-i18next'
import classes from './server-words.module.css'

/** Six words to compare or to read aloud; the same in every language, so left to right in all of them. */
export function ServerWords({ words }: { readonly words: readonly string[] }) {
  const { t } = useTranslation()
  return (
    <ol className={classes.words} dir="ltr" lang="en" aria-label={t('first-run.words')}>
      {words.map((word, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a word may come twice, and its place is what counts
        <li key={place}>{word}</li>
      ))}
    </ol>
  )
}
