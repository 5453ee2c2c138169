/** The message texts of every language that comes with the product. A language is a file in `locales/messages/` and a line here. */
import { type MessageCatalogues, parseCatalogue } from '#domain/message/default-templates.ts'
import ar from '#locales/messages/ar.json' with { type: 'json' }
import de from '#locales/messages/de.json' with { type: 'json' }
import en from '#locales/messages/en.json' with { type: 'json' }
import es from '#locales/messages/es.json' with { type: 'json' }
import pl from '#locales/messages/pl.json' with { type: 'json' }

export const MESSAGE_CATALOGUES: MessageCatalogues = {
  en: parseCatalogue(en),
  de: parseCatalogue(de),
  es: parseCatalogue(es),
  ar: parseCatalogue(ar),
  pl: parseCatalogue(pl),
}
