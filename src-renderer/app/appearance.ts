/** Where the choice of light or dark is kept; Mantine reads and writes the same place. */
export const APPEARANCE_KEY = 'appearance'

/**
 * Sets the scheme before anything is drawn, so that a dark room sees no white flash. Mantine does so only once it is mounted,
 * and its own remedy is an inline script, which the content security policy forbids.
 */
export function applyAppearance(): void {
  const kept = localStorage.getItem(APPEARANCE_KEY)
  const isDark = kept === 'dark' || (kept !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.mantineColorScheme = isDark ? 'dark' : 'light'
}
