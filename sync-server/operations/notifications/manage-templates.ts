/** A clinic's own words: seen beside the product's, tried out, checked, and taken back again. */
import type { Subject } from '#domain/access/can.ts'
import type { TemplateParams, TemplatePreview, TemplateView } from '#domain/api/notification-api.ts'
import { MESSAGE_LANGUAGES } from '#domain/clinic/policies.ts'
import { defaultTemplate } from '#domain/message/default-templates.ts'
import { htmlOfText } from '#domain/message/html-of-text.ts'
import { CHANNELS, KIND_RULES, MESSAGE_KINDS } from '#domain/message/message-kinds.ts'
import { smsSize } from '#domain/message/sms-length.ts'
import { checkTemplate, renderTemplate, SAMPLE_VALUES, type Template } from '#domain/message/template.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database, Tx } from '#server/database/database.ts'
import { MESSAGE_CATALOGUES } from '#server/messages/message-catalogues.ts'
import type { NoteAccess } from '#server/operations/access-audit.ts'
import { byWhom } from '#server/operations/audit-entry.ts'
import { getPolicies } from '#server/repositories/clinic-rows.ts'
import {
  deleteTemplate,
  findTemplate,
  listTemplates,
  setTemplate,
  type TemplateRow,
} from '#server/repositories/notification-settings.ts'

type Deps = { readonly database: Database; readonly now: () => Instant; readonly audit: NoteAccess }
export type TemplateAnswer =
  | { readonly ok: true; readonly template: TemplateView }
  | { readonly ok: false; readonly field: 'subject' | 'body'; readonly rule: string; readonly variable: string }

/** Every template of the clinic in a language: its own, else the product's. */
export const showTemplates = ({ database }: Pick<Deps, 'database'>, { clinicId }: Subject): Promise<TemplateView[]> =>
  database.read(async (tx) => {
    const own = await listTemplates(tx, clinicId)
    const acceptsReplies = await takesReplies(tx, clinicId)
    return MESSAGE_LANGUAGES.flatMap((language) =>
      MESSAGE_KINDS.flatMap((kind) =>
        CHANNELS.map((channel) => {
          const key = { kind, channel, language }
          const isSame = (row: TemplateRow) => row.kind === kind && row.channel === channel && row.language === language
          return toView(key, own.find(isSame), acceptsReplies)
        }),
      ),
    )
  })

const takesReplies = async (tx: Tx, clinicId: Subject['clinicId']): Promise<boolean> =>
  (await getPolicies(tx, clinicId)).smsReplies === 'on'

function toView(key: TemplateParams, own: TemplateRow | undefined, acceptsReplies: boolean): TemplateView {
  const words: Template = own ?? defaultTemplate(MESSAGE_CATALOGUES, { ...key, acceptsReplies })
  return {
    ...key,
    subject: words.subject,
    body: words.body,
    isOwn: own !== undefined,
    revision: own?.revision ?? 0,
    variables: [...KIND_RULES[key.kind].variables],
  }
}

/** How words would look, and what is wrong with them. */
export const previewTemplate = (
  { database }: Pick<Deps, 'database'>,
  { clinicId }: Subject,
  key: TemplateParams,
  words: Template,
): Promise<TemplatePreview> =>
  database.read(async (tx) => {
    const problems = checkTemplate(key.kind, key.channel, words, { acceptsReplies: await takesReplies(tx, clinicId) })
    const { subject, body } = renderTemplate(words, SAMPLE_VALUES)
    const html = key.channel === 'email' ? htmlOfText(body, { language: key.language, title: subject }) : ''
    const segments = key.channel === 'sms' ? smsSize(body).segments : 0
    return { subject, body, html, segments, problems: [...problems] }
  })

/** Puts a clinic's own words in the place of the product's, if they keep every rule. */
export async function putTemplate(
  { database, now, audit }: Deps,
  subject: Subject,
  key: TemplateParams,
  words: Template,
): Promise<TemplateAnswer> {
  const { clinicId, userId } = subject
  const answer = await database.write(async (tx): Promise<TemplateAnswer> => {
    const acceptsReplies = await takesReplies(tx, clinicId)
    const [problem] = checkTemplate(key.kind, key.channel, words, { acceptsReplies })
    if (problem) return { ok: false, ...problem }
    const before = await findTemplate(tx, { clinicId, ...key })
    const row = {
      clinic_id: clinicId,
      ...key,
      subject: words.subject,
      body: words.body,
      updated_at: now(),
      updated_by: userId,
      revision: (before?.revision ?? 0) + 1,
    }
    await setTemplate(tx, row)
    return { ok: true, template: toView(key, row, acceptsReplies) }
  })
  if (answer.ok) await audit({ ...byWhom(subject), action: 'template-changed' })
  return answer
}

/** Back to the product's words. */
export async function resetTemplate({ database, audit }: Deps, subject: Subject, key: TemplateParams): Promise<void> {
  const { clinicId } = subject
  const wasThere = await database.write((tx) => deleteTemplate(tx, { clinicId, ...key }))
  if (wasThere) await audit({ ...byWhom(subject), action: 'template-changed' })
}
