import { CloseButton } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ActivityEntry } from '#domain/api/activity-api.ts'
import { readToken, TOKEN_KEYS, type Token, type TokenKey, withToken } from '#domain/settings/activity-tokens.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import type { PeopleApi } from '#renderer/server-api/people-api.ts'
import { ComboList } from '#renderer/ui/parts/combo-list.tsx'
import classes from './activity-monitor.module.css'
import { useTokenValues } from './use-token-values.ts'

type FieldProps = {
  readonly clinic: Clinic
  readonly people: PeopleApi
  readonly tokens: readonly Token[]
  /** Rows that are here: their people and devices are known without asking. */
  readonly seen: readonly ActivityEntry[]
  readonly onTokens: (tokens: readonly Token[]) => void
}

/** All filters in one field: a word and a colon, then what is offered for it. Backspace takes the last one back. */
export function TokenField({ clinic, people, tokens, seen, onTokens }: FieldProps) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [isFocused, setIsFocused] = useState(false)
  const words = Object.fromEntries(TOKEN_KEYS.map((key) => [key, t(`activity.tokens.${key}`)])) as Record<
    TokenKey,
    string
  >
  const { key, rest } = readToken(text, words)
  const values = useTokenValues({ clinic, people, seen, key, rest })
  const keys = key === null ? TOKEN_KEYS.filter((one) => words[one].toLowerCase().startsWith(rest.toLowerCase())) : []
  const options =
    key === null
      ? keys.map((one) => ({
          id: one as string,
          content: (
            <>
              {words[one]}: <span className={classes.quiet}>{t(`activity.tokens.about-${one}`)}</span>
            </>
          ),
        }))
      : values.map(({ value, label }) => ({ id: value, content: <bdi>{label}</bdi> }))
  // Once something is filtered, the rows are what is looked at.
  const isOpen = isFocused && (text !== '' || tokens.length === 0)
  const pick = (id: string): void => {
    if (key === null) {
      setText(`${words[id as TokenKey]}: `)
      return
    }
    const token = values.find(({ value }) => value === id)
    if (token) onTokens(withToken(tokens, { key, ...token }))
    setText('')
  }
  return (
    <search
      className={classes.tokens}
      onFocus={() => setIsFocused(true)}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setIsFocused(false)
      }}
      onKeyDown={(event) => {
        if (event.key === 'Backspace' && text === '' && tokens.length > 0) onTokens(tokens.slice(0, -1))
        if (event.key === 'Escape' && text !== '') {
          event.stopPropagation()
          setText('')
        }
      }}
    >
      {tokens.length > 0 && (
        <ul aria-label={t('activity.tokens.set')} className={classes.chips}>
          {tokens.map((token) => (
            <li key={token.key}>
              <span>
                {words[token.key]}: <bdi>{token.label}</bdi>
              </span>
              <CloseButton
                size="sm"
                aria-label={t('activity.tokens.remove', { token: `${words[token.key]}: ${token.label}` })}
                onClick={() => onTokens(tokens.filter((one) => one !== token))}
              />
            </li>
          ))}
        </ul>
      )}
      <ComboList
        label={t('activity.tokens.field')}
        placeholder={t('activity.tokens.hint')}
        value={text}
        onValue={setText}
        options={isOpen ? options : []}
        onPick={pick}
        listLabel={t('activity.tokens.offers')}
        empty={isFocused && key !== null && <p className={classes.noOffer}>{t('activity.tokens.none')}</p>}
      />
    </search>
  )
}
