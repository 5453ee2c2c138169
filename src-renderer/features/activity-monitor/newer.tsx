import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

type NewerProps = {
  /** What stands for the state of the list on the server; empty while it is not known. */
  readonly version: string
  readonly onReload: () => void
}

/** Reads a list again; it says when there is something new, and leaves it to the reader when to look. */
export function Newer({ version, onReload }: NewerProps) {
  const { t } = useTranslation()
  const [seen, setSeen] = useState(version)
  useEffect(() => {
    if (seen === '' && version !== '') setSeen(version)
  }, [seen, version])
  const hasNews = seen !== '' && version !== seen
  return (
    <Button variant={hasNews ? 'filled' : 'default'} onClick={onReload}>
      {t(hasNews ? 'activity.newer' : 'activity.reload')}
    </Button>
  )
}
