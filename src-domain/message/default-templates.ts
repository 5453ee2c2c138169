/** The texts that come with the product: one catalogue per language, in `locales/messages/`, read through this parser. */
import Type from 'typebox'
import { Check } from 'typebox/value'
import { type Channel, MESSAGE_KINDS, type MessageKind } from './message-kinds.ts'
import type { Template } from './template.ts'

const text = () => Type.String({ minLength: 1, maxLength: 5_000 })
const closed = { additionalProperties: false } as const

const kindTextsSchema = Type.Object(
  {
    email: Type.Object({ subject: text(), body: text() }, closed),
    sms: Type.Object({ body: text() }, closed),
    app: Type.Object({ subject: text(), body: text() }, closed),
  },
  closed,
)
export type KindTexts = Type.Static<typeof kindTextsSchema>

const catalogueSchema = Type.Object(
  {
    /** Follows a reminder by SMS where replies are acted on. */
    replyLine: text(),
    kinds: Type.Unsafe<Readonly<Record<MessageKind, KindTexts>>>(
      Type.Object(Object.fromEntries(MESSAGE_KINDS.map((kind) => [kind, kindTextsSchema])), closed),
    ),
  },
  closed,
)
export type MessageCatalogue = Type.Static<typeof catalogueSchema>

/** @throws TypeError when a kind, channel or text is missing or too much: a catalogue is part of the product. */
export function parseCatalogue(value: unknown): MessageCatalogue {
  if (!Check(catalogueSchema, value)) throw new TypeError('A message catalogue lacks texts or has unknown ones')
  return value
}

/** Catalogues by BCP 47 tag; English is always there and stands in for the others. */
export type MessageCatalogues = { readonly en: MessageCatalogue; readonly [language: string]: MessageCatalogue }

export type TemplateQuestion = {
  readonly kind: MessageKind
  readonly channel: Channel
  readonly language: string
  readonly acceptsReplies: boolean
}

/** The product's own template: of the language, else of the language without its region, else English. */
export function defaultTemplate(catalogues: MessageCatalogues, question: TemplateQuestion): Template {
  const catalogue = catalogues[languageOf(catalogues, question.language)] ?? catalogues.en
  const texts = catalogue.kinds[question.kind]
  if (question.channel !== 'sms') return texts[question.channel]
  const isAnswered = question.kind === 'reminder' && question.acceptsReplies
  return { subject: '', body: isAnswered ? `${texts.sms.body} ${catalogue.replyLine}` : texts.sms.body }
}

/** Which of the catalogues a recipient reads: days and times of the message are written in the same language. */
export function languageOf(catalogues: MessageCatalogues, wanted: string): string {
  const base = wanted.split('-')[0] ?? ''
  return [wanted, base.toLowerCase()].find((tag) => Object.hasOwn(catalogues, tag)) ?? 'en'
}
