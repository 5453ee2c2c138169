import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Entrance } from '#renderer/ui/parts/entrance.tsx'
import { Note } from '#renderer/ui/parts/stack-form.tsx'

type DamagedStoreProps = {
  /** What nobody else has and can be read; null while it is being looked for. */
  readonly changes: number | null
  readonly unreadable: number
  readonly step: 'asking' | 'saving' | 'waiting-for-server' | 'rebuilding'
  /** The file was asked for and not written. */
  readonly isUnsaved: boolean
  readonly onRebuild: (isSaved: boolean) => void
}

/** What was found in a damaged local store, and the way to a new one. Nothing of a patient is on this screen. */
export function DamagedStoreScreen({ changes, unreadable, step, isUnsaved, onRebuild }: DamagedStoreProps) {
  const { t } = useTranslation()
  const hasFile = (changes ?? 0) > 0 || unreadable > 0
  return (
    <Entrance title={t('app-name')}>
      <h2>{t('damaged-store.title')}</h2>
      <p>{t('damaged-store.about')}</p>
      {changes === null ? (
        <p role="status">{t('damaged-store.reading')}</p>
      ) : (
        <>
          <p>{changes > 0 ? t('damaged-store.unsent', { count: changes }) : t('damaged-store.nothing-unsent')}</p>
          {unreadable > 0 && <p>{t('damaged-store.unreadable', { count: unreadable })}</p>}
          {hasFile && <Note>{t('damaged-store.file')}</Note>}
          <Button variant="filled" loading={step !== 'asking'} onClick={() => onRebuild(hasFile)} data-autofocus>
            {t(hasFile ? 'damaged-store.save-and-rebuild' : 'damaged-store.rebuild')}
          </Button>
          {isUnsaved && step === 'asking' && (
            <>
              <p role="alert">{t('damaged-store.unsaved')}</p>
              <Button onClick={() => onRebuild(false)}>{t('damaged-store.without-file')}</Button>
            </>
          )}
          <p role="status">{WORDS[step] && t(WORDS[step])}</p>
        </>
      )}
    </Entrance>
  )
}

const WORDS = {
  asking: null,
  saving: null,
  'waiting-for-server': 'damaged-store.waiting',
  rebuilding: 'damaged-store.rebuilding',
} as const
