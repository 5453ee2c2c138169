/** Accounts: who belongs to a clinic, links and codes by which people come in, second factors, tokens for programs, and e-mails that wait. */

import type { Migration } from './migration.ts'
import {
  ascii,
  createTable,
  flag,
  id,
  instant,
  integer,
  isOneOf,
  longText,
  orNull,
  type Step,
  text,
} from './table-ddl.ts'

const TO_CLINIC = { columns: ['clinic_id'], table: 'clinics', references: ['id'] } as const
const TO_USER = { columns: ['user_id'], table: 'users', references: ['id'] } as const

const clinicUsers = createTable({
  name: 'clinic_users',
  columns: { clinic_id: id(), user_id: id(), is_active: flag(), created_at: instant() },
  primaryKey: ['clinic_id', 'user_id'],
  indexes: { clinic_users_of_user: ['user_id'] },
  foreignKeys: [TO_CLINIC, TO_USER],
})

// Whoever has a role in a clinic belongs to it. Leaves out what is there, so that it can run twice.
const enrolKnownUsers = `insert into clinic_users (clinic_id, user_id, is_active, created_at)
  select distinct held.clinic_id, users.id, 1, users.created_at
  from model_has_roles as held inner join users on users.id = held.model_id
  where held.model_type = 'user' and not exists (
    select 1 from clinic_users as known where known.clinic_id = held.clinic_id and known.user_id = users.id)`
const onBoth = (statement: string): Step => ({ mysql: [statement], sqlite: [statement] })

const accountTokens = createTable({
  name: 'account_tokens',
  columns: {
    token_hash: ascii(64),
    kind: ascii(32),
    clinic_id: orNull(id()),
    user_id: orNull(id()),
    patient_id: orNull(id()),
    sealed: longText(),
    attempts: integer(),
    created_at: instant(),
    expires_at: instant(),
    used_at: orNull(instant()),
  },
  primaryKey: ['token_hash'],
  indexes: { account_tokens_of_user: ['user_id', 'kind'], account_tokens_by_expiry: ['expires_at'] },
  checks: {
    account_tokens_kind: isOneOf('kind', [
      'registration',
      'invitation',
      'password-reset',
      'email-change',
      'link-code',
      'second-factor',
    ]),
  },
})

const accountMails = createTable({
  name: 'account_mails',
  columns: {
    id: id(),
    kind: ascii(32),
    sealed: longText(),
    attempts: integer(),
    next_at: instant(),
    expires_at: instant(),
    created_at: instant(),
  },
  primaryKey: ['id'],
  indexes: { account_mails_due: ['next_at'] },
})

const secondFactors = createTable({
  name: 'second_factors',
  columns: {
    user_id: id(),
    sealed: longText(),
    last_step: instant(),
    confirmed_at: orNull(instant()),
    created_at: instant(),
  },
  primaryKey: ['user_id'],
  foreignKeys: [TO_USER],
})

const recoveryCodes = createTable({
  name: 'recovery_codes',
  columns: { user_id: id(), code_hash: ascii(64), used_at: orNull(instant()) },
  primaryKey: ['user_id', 'code_hash'],
  foreignKeys: [TO_USER],
})

const accessTokens = createTable({
  name: 'access_tokens',
  columns: {
    id: id(),
    clinic_id: id(),
    user_id: id(),
    name: text(80),
    token_hash: ascii(64),
    abilities: longText(),
    created_at: instant(),
    expires_at: instant(),
    last_used_at: orNull(instant()),
    revoked_at: orNull(instant()),
  },
  primaryKey: ['id'],
  unique: { access_tokens_by_hash: ['token_hash'] },
  indexes: { access_tokens_of_user: ['user_id', 'clinic_id'] },
  foreignKeys: [TO_CLINIC, TO_USER],
})

const likelyDuplicates = createTable({
  name: 'likely_duplicates',
  columns: {
    clinic_id: id(),
    patient_id: id(),
    other_id: id(),
    created_at: instant(),
    settled_at: orNull(instant()),
    settled_by: orNull(id()),
  },
  primaryKey: ['clinic_id', 'patient_id', 'other_id'],
  foreignKeys: [TO_CLINIC],
})

export const accounts: Migration = {
  number: 6,
  name: 'accounts',
  steps: [
    clinicUsers,
    onBoth(enrolKnownUsers),
    accountTokens,
    accountMails,
    secondFactors,
    recoveryCodes,
    accessTokens,
    likelyDuplicates,
  ],
}
