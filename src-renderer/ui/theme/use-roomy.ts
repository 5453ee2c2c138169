import { useEffect } from 'react'

/** Below this width a screen is held in the hand. */
const NARROW = '(max-width: 40rem)'

/**
 * Larger type and targets while the component is on screen; the sizes themselves are tokens.
 * @param when `narrow`: only where the screen is held in the hand
 */
export function useRoomy(when: 'always' | 'narrow'): void {
  useEffect(() => {
    const root = document.documentElement
    const narrow = matchMedia(NARROW)
    const apply = (): void => {
      root.toggleAttribute('data-roomy', when === 'always' || narrow.matches)
    }
    apply()
    narrow.addEventListener('change', apply)
    return () => {
      narrow.removeEventListener('change', apply)
      root.removeAttribute('data-roomy')
    }
  }, [when])
}
