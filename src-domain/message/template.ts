/**
 * Templates with `{{variable}}` in them. A value is text and is never read as a template, adds no line, and cannot steer a terminal
 * or a mail header.
 */
import {
  type Channel,
  KIND_RULES,
  type MessageKind,
  type MessageValues,
  type MessageVariable,
} from './message-kinds.ts'
import { smsSize } from './sms-length.ts'

/** `subject` is empty where the channel has none: in an SMS. */
export type Template = { readonly subject: string; readonly body: string }

export type TemplateRule =
  | 'unknown-variable'
  | 'missing-variable'
  | 'unclosed-braces'
  | 'too-long'
  | 'empty'
  | 'control-character'
  | 'line-break'
  | 'unused-field'
export type TemplateProblem = {
  readonly field: 'subject' | 'body'
  readonly rule: TemplateRule
  /** The variable it is about; '' where the rule is about the whole field. */
  readonly variable: string
}

export type TemplateContext = {
  /** Whether the clinic acts on replies: a reminder by SMS must tell the code then. */
  readonly acceptsReplies: boolean
}

/** In characters; an SMS is measured in segments, with values of usual length. */
const LONGEST = { email: { subject: 150, body: 5_000 }, app: { subject: 80, body: 500 } } as const
const MOST_SMS_SEGMENTS = 3

/** Values of usual length, for the size of a template and for a preview of it. */
export const SAMPLE_VALUES: Required<MessageValues> = {
  firstName: 'Alexandra',
  doctorName: 'Dr Anna Kowalska',
  clinicName: 'Riverside Clinic',
  clinicPhone: '+44 20 7946 0018',
  day: 'Wed, Oct 14',
  time: '10:30 AM',
  previousDay: 'Tue, Oct 13',
  previousTime: '2:15 PM',
  who: 'Riverside Clinic',
  place: '12 Mill Lane',
  code: 'K7M2',
  link: 'https://clinic.example.org/v/x7Kq2m',
  count: '2',
}

/** Every rule the template breaks, field by field; none when it can be used. */
export function checkTemplate(
  kind: MessageKind,
  channel: Channel,
  template: Template,
  context: TemplateContext,
): readonly TemplateProblem[] {
  const { variables } = KIND_RULES[kind]
  return [
    ...subjectProblems(channel, template.subject, variables),
    ...fieldProblems('body', template.body, variables),
    ...requiredOf(kind, channel, context)
      .filter((variable) => !variablesIn(template.body).includes(variable))
      .map((variable) => problem('body', 'missing-variable', variable)),
    ...lengthProblems(channel, template),
  ]
}

/** What the body must use: a code only where somebody listens to it, a link only where the message is no screen of the app. */
function requiredOf(kind: MessageKind, channel: Channel, { acceptsReplies }: TemplateContext): MessageVariable[] {
  const required = KIND_RULES[kind].required.filter((variable) => variable !== 'link' || channel !== 'app')
  return kind === 'reminder' && channel === 'sms' && acceptsReplies ? [...required, 'code'] : required
}

function subjectProblems(channel: Channel, subject: string, variables: readonly MessageVariable[]): TemplateProblem[] {
  if (channel === 'sms') return subject === '' ? [] : [problem('subject', 'unused-field')]
  // A line break in a subject would begin the next header (RFC 5322, section 2.2).
  const hasBreak = /[\r\n\u2028\u2029]/.test(subject)
  return [...(hasBreak ? [problem('subject', 'line-break')] : []), ...fieldProblems('subject', subject, variables)]
}

function fieldProblems(
  field: TemplateProblem['field'],
  text: string,
  variables: readonly MessageVariable[],
): TemplateProblem[] {
  const unknown = variablesIn(text).filter((name) => !variables.includes(name as MessageVariable))
  return [
    ...(text.trim() === '' ? [problem(field, 'empty')] : []),
    ...(CONTROLS.test(text) ? [problem(field, 'control-character')] : []),
    ...(/\{\{|\}\}/.test(text.replaceAll(VARIABLE, '')) ? [problem(field, 'unclosed-braces')] : []),
    ...unknown.map((name) => problem(field, 'unknown-variable', name)),
  ]
}

function lengthProblems(channel: Channel, { subject, body }: Template): TemplateProblem[] {
  if (channel === 'sms') {
    const { segments } = smsSize(renderText(body, SAMPLE_VALUES))
    return segments > MOST_SMS_SEGMENTS ? [problem('body', 'too-long')] : []
  }
  const fields = { subject, body }
  return (['subject', 'body'] as const)
    .filter((field) => fields[field].length > LONGEST[channel][field])
    .map((field) => problem(field, 'too-long'))
}

const problem = (field: TemplateProblem['field'], rule: TemplateRule, variable: string = ''): TemplateProblem => ({
  field,
  rule,
  variable,
})

/** Blanks around a name are the author's taste. */
const VARIABLE = /\{\{\s*([A-Za-z][A-Za-z0-9_]*)\s*\}\}/g
/** Control characters but for the line break, and the marks that turn the direction of what follows. */
const CONTROLS = /(?!\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u

/** The distinct names a text uses, in order. */
const variablesIn = (text: string): string[] => [...new Set([...text.matchAll(VARIABLE)].map(([, name = '']) => name))]

/** Subject and body with the values in their places; the subject is one line whatever the values hold. */
export function renderTemplate({ subject, body }: Template, values: MessageValues): Template {
  return { subject: oneLine(renderText(subject, values)), body: renderText(body, values) }
}

/** A line that holds nothing but variables without a value is left out; elsewhere the blank before such a variable goes too. */
function renderText(text: string, values: MessageValues): string {
  const textOf = (name: string): string => oneLine((values as Record<string, string | undefined>)[name] ?? '')
  const lines = text.split(/\r\n?|\n/).flatMap((line) => {
    const isBare = line.replaceAll(VARIABLE, '').trim() === '' && line.trim() !== ''
    const rendered = line.replaceAll(/( ?)\{\{\s*([A-Za-z][A-Za-z0-9_]*)\s*\}\}/g, (_, blank: string, name: string) => {
      const value = textOf(name)
      return value === '' ? '' : blank + value
    })
    return isBare && rendered.trim() === '' ? [] : [rendered.trimEnd()]
  })
  return lines.join('\n').trim()
}

/** Line breaks, control and direction marks become blanks; joiners stay, because names and emoji are written with them. */
const oneLine = (value: string): string =>
  value.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim()
