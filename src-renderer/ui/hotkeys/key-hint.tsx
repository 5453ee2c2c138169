import { Kbd } from '@mantine/core'
import { showKeys } from './key-chord.ts'

const isApple = /Mac|iPhone|iPad/.test(navigator.platform)

/** The key cap of a shortcut; decoration, since the label beside it says the same to a screen reader. */
export function KeyHint({ keys, className }: { readonly keys: string; readonly className?: string | undefined }) {
  return (
    <Kbd aria-hidden className={className}>
      {showKeys(keys, isApple)}
    </Kbd>
  )
}
