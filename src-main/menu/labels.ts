import i18next from 'i18next'
import type { CommandId, MenuName } from '#domain/commands/commands.ts'
import ar from '#locales/ar.json' with { type: 'json' }
import de from '#locales/de.json' with { type: 'json' }
import en from '#locales/en.json' with { type: 'json' }
import es from '#locales/es.json' with { type: 'json' }

export type Labels = {
  readonly command: (id: CommandId) => string
  readonly menu: (name: MenuName) => string
  /** Of the icon beside the clock: show the app, and how much nobody but this device has. */
  readonly open: () => string
  readonly unsent: (count: number) => string
}

const catalogues = {
  en: { translation: en },
  de: { translation: de },
  es: { translation: es },
  ar: { translation: ar },
}

/** Names of commands and menus in a language; English where it has none. */
export function labelsIn(language: string): Labels {
  const texts = i18next.createInstance()
  void texts.init({ lng: language, fallbackLng: 'en', resources: catalogues, initAsync: false })
  return {
    command: (id) => texts.t(`commands.${id}`),
    menu: (name) => texts.t(`commands.menu.${name}`),
    open: () => texts.t('tray.open'),
    unsent: (count) => texts.t('tray.unsent', { count }),
  }
}
