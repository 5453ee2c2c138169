import { Select, TextInput } from '@mantine/core'
import type { TFunction } from 'i18next'
import type { Ref } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import { findTypes } from '#domain/appointment/type-search.ts'
import type { AppointmentTypeId, DoctorId } from '#domain/ids.ts'
import { hasWordsLike } from '#domain/people/name-search.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { SEARCHED } from '#renderer/ui/parts/searched.ts'
import classes from './booking-panel.module.css'
import { type Draft, isOffered } from './use-draft.ts'

type VisitProps = { readonly ref: Ref<HTMLInputElement>; readonly clinic: Clinic; readonly draft: Draft }

/** Stands for no doctor in particular. */
const ANYONE = ''

/** What for, with whom, and when it would suit. */
export function VisitStep({ ref, clinic, draft }: VisitProps) {
  const { t } = useTranslation()
  const { type, types, doctorId, wishText, wish } = draft
  const doctors = clinic.bookable.filter(({ id }) => type === undefined || isOffered(type, id))
  const isUnclear = wishText.trim() !== '' && wish === null
  return (
    <>
      <Select
        ref={ref}
        label={t('book.type')}
        data={types.map(toOption(t))}
        value={type?.id ?? null}
        onChange={(id) => id && draft.chooseType(id as AppointmentTypeId)}
        onFocus={selectText}
        {...SEARCHED}
        filter={({ options, search }) => {
          const found = findTypes(types, search)
          return found.flatMap(({ id }) => options.filter((option) => 'value' in option && option.value === id))
        }}
        renderOption={({ option }) => <TypeRow type={types.find(({ id }) => id === option.value)} />}
        nothingFoundMessage={t('book.no-type')}
      />
      <div className={classes.pair}>
        <Select
          label={t('book.with')}
          data={[
            { value: ANYONE, label: t('book.anyone') },
            ...doctors.map(({ id, name }) => ({ value: id as string, label: name })),
          ]}
          value={doctorId ?? ANYONE}
          onChange={(id) => draft.chooseDoctor(id === ANYONE ? null : (id as DoctorId))}
          onFocus={selectText}
          {...SEARCHED}
          filter={({ options, search }) =>
            options.filter((option) => 'label' in option && hasWordsLike(option.label ?? '', search))
          }
          nothingFoundMessage={t('book.no-doctor')}
        />
        <TextInput
          label={t('book.wish')}
          placeholder={t('book.wish-hint')}
          value={wishText}
          onChange={(event) => draft.sayWhen(event.currentTarget.value)}
          error={isUnclear ? t('book.wish-unclear') : undefined}
          autoComplete="off"
          spellCheck={false}
          maxLength={60}
        />
      </div>
    </>
  )
}

/** So that typing replaces what stands there. */
const selectText = (event: { currentTarget: HTMLInputElement }): void => event.currentTarget.select()

const toOption = (t: TFunction) => (type: AppointmentType) => ({
  value: type.id as string,
  label: `${type.name} · ${t('minutes', { count: type.durationMinutes })}`,
})

function TypeRow({ type }: { readonly type: AppointmentType | undefined }) {
  const { t } = useTranslation()
  if (!type) return null
  return (
    <span className={classes.option}>
      <span>{type.name}</span>
      <bdi className={classes.note}>
        {type.code} · {t('minutes', { count: type.durationMinutes })}
      </bdi>
    </span>
  )
}
