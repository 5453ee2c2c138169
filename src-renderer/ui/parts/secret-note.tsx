import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import classes from './secret-note.module.css'

type SecretProps = {
  readonly title: string
  readonly about: string
  readonly secret: string
  readonly words: { readonly copy: string; readonly copied: string; readonly done: string }
  readonly onDone: () => void
}

/** A secret that is shown this once, to be put where it is needed; it takes the focus when it appears. */
export function SecretNote({ title, about, secret, words, onDone }: SecretProps) {
  const [isCopied, setIsCopied] = useState(false)
  const head = useRef<HTMLHeadingElement>(null)
  useEffect(() => head.current?.focus(), [])
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(secret)
    setIsCopied(true)
  }
  return (
    <section className={classes.secret} aria-label={title}>
      <h3 ref={head} tabIndex={-1}>
        {title}
      </h3>
      <p className={classes.about}>{about}</p>
      <code className={classes.code}>{secret}</code>
      <div className={classes.steps}>
        <Button onClick={() => void copy()}>{isCopied ? words.copied : words.copy}</Button>
        <Button variant="filled" onClick={onDone}>
          {words.done}
        </Button>
      </div>
      <span className="visually-hidden" role="status">
        {isCopied && words.copied}
      </span>
    </section>
  )
}
