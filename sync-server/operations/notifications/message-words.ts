/** The words of a message: the clinic's own where it has some, else the product's, in the recipient's language. */

import type { ClinicId } from '#domain/ids.ts'
import { defaultTemplate, languageOf } from '#domain/message/default-templates.ts'
import type { Channel, MessageKind } from '#domain/message/message-kinds.ts'
import type { Template } from '#domain/message/template.ts'
import type { Tx } from '#server/database/database.ts'
import { MESSAGE_CATALOGUES } from '#server/messages/message-catalogues.ts'
import { findTemplate } from '#server/repositories/notification-settings.ts'

export type WordsQuestion = {
  readonly clinicId: ClinicId
  readonly kind: MessageKind
  readonly channel: Channel
  readonly language: string
  /** Whether this message tells how to answer it. */
  readonly acceptsReplies: boolean
}

export async function templateFor(tx: Tx, question: WordsQuestion): Promise<Template> {
  const language = languageOf(MESSAGE_CATALOGUES, question.language)
  const own = await findTemplate(tx, { ...question, language })
  // A text that asks for an answer is of no use where none is taken: the product's has a form without.
  const isUsable = own && (question.acceptsReplies || question.channel !== 'sms' || !own.body.includes('{{code}}'))
  return isUsable ? { subject: own.subject, body: own.body } : defaultTemplate(MESSAGE_CATALOGUES, question)
}
