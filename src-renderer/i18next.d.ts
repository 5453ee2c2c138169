/** Keys of `t` are the keys of the English catalogue; a key that does not exist there does not compile. */
import 'i18next'
import type english from '#locales/en.json'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof english }
    returnNull: false
  }
}
