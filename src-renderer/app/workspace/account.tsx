import { type ReactNode, useMemo } from 'react'
import { mayEver } from '#domain/access/can.ts'
import type { Permission } from '#domain/access/permissions.ts'
import type { SignedInUser } from '#domain/api/auth-schemas.ts'
import { ABILITIES } from '#domain/api/factor-schemas.ts'
import { saveCodes } from '#renderer/app/save-codes.ts'
import { OwnAccount } from '#renderer/features/own-account/own-account.tsx'
import { subjectOf } from '#renderer/local-db/desk.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { createAccountApi } from '#renderer/server-api/account-api.ts'
import type { Host } from './desk-parts.ts'

type AccountProps = { readonly host: Host; readonly title?: string; readonly children?: ReactNode }

/** Programs act for those who work here; patients have their app and their calendar. */
const abilitiesOf = (user: SignedInUser): readonly Permission[] => {
  const subject = subjectOf(user)
  const isStaff = user.grants.some(({ scope }) => scope !== 'own-patient')
  return isStaff ? ABILITIES.filter((permission) => mayEver(subject, permission)) : []
}

/** The account of the open session. */
export function Account({ host, title, children }: AccountProps) {
  const { platform, api, session } = host
  const accounts = useMemo(() => createAccountApi(api), [api])
  const isOnline = useSyncStatus().connection.phase !== 'offline'
  const { id, email } = session.user
  const follow = async (before: string, after: string): Promise<void> => {
    if (session.isKept) await platform.keys.enrol({ userId: id, login: email }, after, before)
  }
  return (
    <OwnAccount
      accounts={accounts}
      api={api}
      email={email}
      isOnline={isOnline}
      abilities={abilitiesOf(session.user)}
      onPasswordChanged={follow}
      onSaveCodes={(text) => saveCodes(platform, text)}
      {...(title !== undefined && { title })}
    >
      {children}
    </OwnAccount>
  )
}
