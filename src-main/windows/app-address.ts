/** The one address of the page. Never `file://`, whose pages share an origin with every file on the disk. */
export const APP_SCHEME = 'app'
export const APP_HOST = 'clinic'
export const APP_URL = `${APP_SCHEME}://${APP_HOST}/`

/** Whether a URL, or an origin written as one, is ours. Parsed, because `app://clinic.evil/` starts the same. */
export function isAppUrl(text: string): boolean {
  const url = URL.parse(text)
  return url?.protocol === `${APP_SCHEME}:` && url.host === APP_HOST && !url.username && !url.password
}
