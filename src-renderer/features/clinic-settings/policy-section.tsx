import { useCallback, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClinicView } from '#domain/api/clinic-api.ts'
import { clinicViewSchema } from '#domain/api/clinic-api.ts'
import { type ClinicPolicies, MESSAGE_LANGUAGES, policiesSchema } from '#domain/clinic/policies.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import type { ClinicApi } from '#renderer/server-api/clinic-api.ts'
import { useLoaded } from '#renderer/server-api/use-loaded.ts'
import list from '#renderer/ui/parts/settings-list.module.css'
import type { FieldSpec, FormValues } from '#renderer/ui/record-form/field-spec.ts'
import { RecordEditor } from './record-editor.tsx'

const BOUNDS = { name: clinicViewSchema.properties.name, ...policiesSchema.properties }

/** What the clinic has decided: its name, how it is reached, and the rules of booking, messages, sign-in and keeping. */
export function PolicySection({ api }: { readonly api: ClinicApi }) {
  const { t } = useTranslation()
  const words = useFailure()
  const loaded = useLoaded(useCallback(() => api.showClinic(), [api]))
  const fields = usePolicyFields()
  const [isSaved, setIsSaved] = useState(false)
  return (
    <>
      <p className={list.about}>{t('settings.policies.about')}</p>
      <div role="alert">{loaded.problem && <p className={list.problem}>{words(loaded.problem)}</p>}</div>
      {loaded.value && (
        <Form
          key={loaded.value.clinic.revision}
          api={api}
          fields={fields}
          clinic={loaded.value.clinic}
          isSaved={isSaved}
          onSaved={() => {
            setIsSaved(true)
            void loaded.reload()
          }}
        />
      )}
    </>
  )
}

const valuesOf = ({ name, policies }: ClinicView): FormValues => ({ name, ...policies })

type FormProps = {
  readonly api: ClinicApi
  readonly fields: readonly FieldSpec[]
  readonly clinic: ClinicView
  readonly isSaved: boolean
  readonly onSaved: () => void
}

function Form({ api, fields, clinic, isSaved, onSaved }: FormProps) {
  const { t } = useTranslation()
  const seen = useRef(clinic.revision)
  const look = async (): Promise<FormValues | null> => {
    const answer = await api.showClinic()
    if (!answer.ok) return null
    seen.current = answer.value.clinic.revision
    return valuesOf(answer.value.clinic)
  }
  return (
    <RecordEditor
      fields={fields}
      bounds={BOUNDS}
      first={valuesOf(clinic)}
      onSave={({ name, ...policies }) =>
        api.changeClinic(seen.current, { name: String(name), policies: policies as ClinicPolicies })
      }
      onLook={look}
      status={isSaved ? t('settings.saved') : ''}
      onSaved={onSaved}
    />
  )
}

type PolicyName = keyof ClinicPolicies
/** How each is typed; every policy there is must be named here, or this does not compile. */
const KINDS: Record<PolicyName, 'number' | 'time' | 'text' | 'choice'> = {
  phone: 'text',
  country: 'text',
  changeCutoffMinutes: 'number',
  maxUpcomingPerPatient: 'number',
  holdSeconds: 'number',
  allotmentOneIn: 'number',
  waitlistOfferMinutes: 'number',
  waitingLimitMinutes: 'number',
  quietFrom: 'time',
  quietUntil: 'time',
  messageLanguage: 'choice',
  smsReplies: 'choice',
  registration: 'choice',
  twoFactor: 'choice',
  auditRetentionDays: 'number',
  visitRetentionYears: 'number',
}
const HEADINGS = {
  changeCutoffMinutes: 'booking',
  quietFrom: 'messages',
  registration: 'sign-in',
  auditRetentionDays: 'keeping',
} as const satisfies Partial<Record<PolicyName, string>>
const UNITS = {
  changeCutoffMinutes: 'minutes',
  maxUpcomingPerPatient: 'visits',
  holdSeconds: 'seconds',
  allotmentOneIn: 'times',
  waitlistOfferMinutes: 'minutes',
  waitingLimitMinutes: 'minutes',
  auditRetentionDays: 'days',
  visitRetentionYears: 'years',
} as const satisfies Partial<Record<PolicyName, string>>

function usePolicyFields(): readonly FieldSpec[] {
  const { t, i18n } = useTranslation()
  const languages = new Intl.DisplayNames([i18n.language], { type: 'language' })
  const choicesOf = (name: PolicyName) => {
    switch (name) {
      case 'messageLanguage':
        return MESSAGE_LANGUAGES.map((value) => ({ value, label: languages.of(value) ?? value }))
      case 'registration':
        return (['open', 'closed'] as const).map((value) => ({ value, label: t(`settings.policies.choices.${value}`) }))
      case 'twoFactor':
        return (['off', 'staff'] as const).map((value) => ({
          value,
          label: t(`settings.policies.choices.factor-${value}`),
        }))
      default:
        return (['off', 'on'] as const).map((value) => ({ value, label: t(`settings.${value}`) }))
    }
  }
  const fields = (Object.keys(KINDS) as PolicyName[]).map((name): FieldSpec => {
    const common = {
      name,
      label: t(`settings.policies.names.${name}`),
      about: t(`settings.policies.abouts.${name}`),
      ...(name in HEADINGS && { heading: t(`settings.policies.headings.${HEADINGS[name as keyof typeof HEADINGS]}`) }),
    }
    const kind = KINDS[name]
    if (kind === 'choice') return { ...common, kind, choices: choicesOf(name) }
    if (kind === 'number') return { ...common, kind, unit: t(`settings.units.${UNITS[name as keyof typeof UNITS]}`) }
    return { ...common, kind }
  })
  return [{ name: 'name', label: t('settings.policies.clinic-name'), kind: 'text', required: true }, ...fields]
}
