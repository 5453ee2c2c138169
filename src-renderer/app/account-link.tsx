import { useMemo, useState } from 'react'
import { ACCOUNT_PATHS, type AccountPage } from '#domain/api/account-schemas.ts'
import { AccountLinkScreen } from '#renderer/features/account-link/account-link-screen.tsx'
import { createAccountApi } from '#renderer/server-api/account-api.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { takeSecret } from './take-secret.ts'

/** The page that an e-mail's link leads to, or undefined for any other address. */
export const accountPageAt = (path: string): AccountPage | undefined =>
  (Object.keys(ACCOUNT_PATHS) as AccountPage[]).find((page) => ACCOUNT_PATHS[page] === path)

type LinkProps = { readonly api: Pick<ServerApi, 'call'>; readonly page: AccountPage }

/** The screen of a link from an e-mail; whoever is done signs in. */
export function AccountLink({ api, page }: LinkProps) {
  const [secret] = useState(takeSecret)
  const accounts = useMemo(() => createAccountApi(api), [api])
  return <AccountLinkScreen page={page} secret={secret} accounts={accounts} onDone={() => location.replace('/')} />
}
