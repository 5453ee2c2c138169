import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { EntryRow } from './entry-row.tsx'
import { DoneEntry, useHandledWords } from './handled-entry.tsx'
import type { InboxProps } from './inbox-props.ts'
import { OverruledEntry } from './overruled-entry.tsx'
import { ParkedEntry } from './parked-entry.tsx'
import { RefusedEntry } from './refused-entry.tsx'
import { StrandedEntry } from './stranded-entry.tsx'
import classes from './sync-inbox.module.css'
import { UnplacedEntry } from './unplaced-entry.tsx'
import { UnsentEntry } from './unsent-entry.tsx'
import { type Inbox, type InboxEntry, useInbox } from './use-inbox.ts'

/** What the server could not take as it was, what it has not yet been given, and what was dealt with today. */
export function SyncInbox(props: InboxProps) {
  const { t } = useTranslation()
  const inbox = useInbox()
  const [pickedId, setPickedId] = useState(props.firstId)
  const all = [...inbox.needsYou, ...inbox.toSend, ...inbox.doneToday]
  const picked = all.find(({ id }) => id === pickedId)
  const entry = picked ?? [...inbox.needsYou, ...inbox.toSend][0]
  const list = useRef<HTMLElement>(null)
  useKeptFocus(list, entry?.id)
  return (
    <div className={classes.inbox}>
      <nav ref={list} className={classes.list} aria-label={t('inbox.list')} onKeyDown={walkButtons}>
        <Groups inbox={inbox} clinic={props.clinic} chosenId={entry?.id} onChoose={setPickedId} />
      </nav>
      <div className={classes.pane}>{entry ? <Entry key={entry.id} entry={entry} {...props} /> : <Empty />}</div>
      <HandledVoice clinic={props.clinic} inbox={inbox} />
    </div>
  )
}

/** When an entry is dealt with, what had the focus is gone with it: the next one takes it, so that the keyboard goes on from there. */
function useKeptFocus(list: RefObject<HTMLElement | null>, entryId: string | undefined): void {
  const last = useRef(entryId)
  useEffect(() => {
    if (last.current === entryId) return
    last.current = entryId
    if (document.activeElement !== document.body) return
    list.current?.querySelector<HTMLElement>('button[aria-current]')?.focus()
  }, [list, entryId])
}

/** Says aloud what was just dealt with. */
function HandledVoice({ clinic, inbox }: { readonly clinic: Clinic; readonly inbox: Inbox }) {
  const words = useHandledWords(clinic)
  const since = useRef(clinic.desk.now())
  const [latest] = inbox.doneToday
  const isNew = latest?.kind === 'handled' && latest.handled.at >= since.current
  return (
    <p className="visually-hidden" role="status">
      {isNew && words(latest.handled)}
    </p>
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
    [t('inbox.done-today'), inbox.doneToday],
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
  if (entry.kind === 'overruled') return <OverruledEntry change={entry.change} {...props} />
  if (entry.kind === 'handled') return <DoneEntry handled={entry.handled} {...props} />
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
