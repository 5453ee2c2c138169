import { type ReactNode, useState } from 'react'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { OVERBOOKABLE } from '#renderer/local-db/place-check.ts'
import type { InboxProps } from './inbox-props.ts'
import type { InboxRuns } from './inbox-runs.ts'
import { Offers } from './offers.tsx'
import { useWays } from './use-ways.ts'
import { WayButtons } from './way-buttons.tsx'
import { DropForm, OverbookForm, WaitForm } from './way-forms.tsx'

type LostTimeProps = Pick<InboxProps, 'clinic' | 'api'> & {
  readonly entryId: string
  /** The visit as it was wanted. */
  readonly wanted: Appointment
  /** Why it could not have the time. */
  readonly reason: string
  /** True when the visit stands elsewhere, and only the wish for another time was lost. */
  readonly keepsTime: boolean
  /** Takes the entry out of the inbox, where that is not done by the visit itself. */
  readonly onSettled?: () => Promise<void>
  /** Further ways that the entry has. */
  readonly runs?: InboxRuns
  readonly children?: ReactNode
}

type Asked = 'waitlist' | 'overbook' | 'drop'

/** What can be done about a lost time: another one, the waitlist, the same one all the same, or nothing and a word to the patient. */
export function LostTime(props: LostTimeProps) {
  const { clinic, api, entryId, wanted, reason, keepsTime, onSettled, runs = {}, children } = props
  const [asked, ask] = useState<Asked | null>(null)
  const ways = useWays(clinic, entryId, wanted, keepsTime)
  const settle = async (isDone: Promise<boolean>): Promise<void> => {
    if (await isDone) await onSettled?.()
  }
  const mayPlace = clinic.may('move-appointment', wanted)
  const mayDrop = clinic.may('cancel-appointment', wanted)
  const canOverbook = mayPlace && OVERBOOKABLE.has(reason) && clinic.may('overbook-appointment', wanted)
  const canWait = clinic.may('manage-waitlist', wanted) && (keepsTime || mayDrop)
  const back = (): void => ask(null)
  if (asked === 'waitlist')
    return <WaitForm clinic={clinic} wanted={wanted} onBack={back} onWait={(wish) => void settle(ways.wait(wish))} />
  if (asked === 'overbook') return <OverbookForm onBack={back} onOverbook={(why) => void settle(ways.overbook(why))} />
  if (asked === 'drop')
    return <DropForm clinic={clinic} wanted={wanted} onBack={back} onDrop={() => void settle(ways.drop())} />
  return (
    <>
      {mayPlace && (
        <Offers clinic={clinic} api={api} wanted={wanted} onTake={(time) => void settle(ways.place(time))} />
      )}
      <WayButtons
        runs={{
          'inbox.waitlist': canWait ? () => ask('waitlist') : undefined,
          'inbox.overbook': canOverbook ? () => ask('overbook') : undefined,
          'inbox.drop': mayDrop && !keepsTime ? () => ask('drop') : undefined,
          ...runs,
        }}
      >
        {children}
      </WayButtons>
    </>
  )
}
