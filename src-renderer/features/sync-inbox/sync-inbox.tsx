import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { EntryRow } from './entry-row.tsx'
import type { InboxProps } from './inbox-props.ts'
import { ParkedEntry } from './parked-entry.tsx'
import { RefusedEntry } from './refused-entry.tsx'
import { StrandedEntry } from './stranded-entry.tsx'
import classes from './sync-inbox.module.css'
import { UnplacedEntry } from './unplaced-entry.tsx'
import { UnsentEntry } from './unsent-entry.tsx'
import { type Inbox, type InboxEntry, useInbox } from './use-inbox.ts'

/** What the server could not take as it was, and what it has not yet been given. */
export function SyncInbox(props: InboxProps) {
  const { t } = useTranslation()
  const inbox = useInbox()
  const [pickedId, setPickedId] = useState(props.firstId)
  const all = [...inbox.needsYou, ...inbox.toSend]
  const entry = all.find(({ id }) => id === pickedId) ?? all[0]
  return (
    <div className={classes.inbox}>
      <nav className={classes.list} aria-label={t('inbox.list')} onKeyDown={walkButtons}>
        <Groups inbox={inbox} clinic={props.clinic} chosenId={entry?.id} onChoose={setPickedId} />
      </nav>
      <div className={classes.pane}>{entry ? <Entry key={entry.id} entry={entry} {...props} /> : <Empty />}</div>
    </div>
  )
}

type GroupsProps = {
  readonly inbox: Inbox
  readonly clinic: Clinic
  readonly chosenId: string | undefined
  readonly onChoose: (id: string) => void
}

function Groups({ inbox, clinic, chosenId, onChoose }: GroupsProps) {
  const { t } = useTranslation()
  const groups = [
    [t('inbox.needs-you'), inbox.needsYou],
    [t('inbox.to-send'), inbox.toSend],
  ] as const
  return groups.map(([title, entries]) => (
    <section key={title} aria-label={title}>
      <h2 className={classes.group}>
        {title} <span>{entries.length}</span>
      </h2>
      {entries.map((entry) => (
        <EntryRow
          key={entry.id}
          clinic={clinic}
          entry={entry}
          isChosen={entry.id === chosenId}
          onChoose={() => onChoose(entry.id)}
        />
      ))}
    </section>
  ))
}

function Entry({ entry, ...props }: InboxProps & { readonly entry: InboxEntry }) {
  if (entry.kind === 'unplaced') return <UnplacedEntry appointment={entry.appointment} {...props} />
  if (entry.kind === 'parked') return <ParkedEntry change={entry.change} {...props} />
  if (entry.kind === 'stranded') return <StrandedEntry change={entry.change} list={entry.list} {...props} />
  if (entry.kind === 'refused') return <RefusedEntry change={entry.change} {...props} />
  return <UnsentEntry change={entry.change} {...props} />
}

function Empty() {
  const { t } = useTranslation()
  return (
    <div className={classes.empty}>
      <h2>{t('inbox.empty-title')}</h2>
      <p>{t('inbox.empty')}</p>
    </div>
  )
}

/** Arrows walk the list; the tab key leaves it. */
function walkButtons(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0) return
  const buttons = [...event.currentTarget.querySelectorAll('button')]
  const next = buttons[buttons.indexOf(document.activeElement as HTMLButtonElement) + step]
  if (!next) return
  event.preventDefault()
  next.focus()
  next.click()
}
