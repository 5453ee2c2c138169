import type { i18n } from 'i18next'

/** The word for a code of the server. A code that this version does not know yet stands for itself. */
export function wordOf({ exists, t }: Pick<i18n, 'exists' | 't'>, list: string, code: string): string {
  const key = `${list}.${code}`
  return exists(key) ? String(t(key as never)) : code
}
