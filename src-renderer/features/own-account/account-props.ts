import type { ReactNode } from 'react'
import type { Permission } from '#domain/access/permissions.ts'
import type { AccountApi } from '#renderer/server-api/account-api.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'

export type OwnAccountProps = {
  readonly accounts: AccountApi
  readonly api: Pick<ServerApi, 'listSessions' | 'endSession'>
  readonly email: string
  /** Without the server nothing about an account can be decided. */
  readonly isOnline: boolean
  /** What is kept on this device is locked with the password, so it has to follow. */
  readonly onPasswordChanged: (before: string, after: string) => Promise<void>
  readonly onSaveCodes: (text: string) => Promise<unknown>
  /** What a program may be allowed to do for the person: of the rights, those they hold. Empty offers no access tokens. */
  readonly abilities: readonly Permission[]
  readonly title?: string
  /** Further affairs, above those of the account itself. */
  readonly children?: ReactNode
}
