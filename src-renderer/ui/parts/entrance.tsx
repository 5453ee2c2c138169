import type { ReactNode } from 'react'
import { useRoomy } from '#renderer/ui/theme/use-roomy.ts'
import { BrandMark } from './brand-mark.tsx'
import classes from './entrance.module.css'

type EntranceProps = {
  readonly title: string
  /** Stands below the card: what belongs to the page and not to its form. */
  readonly foot?: ReactNode
  readonly children: ReactNode
}

/** A page with one card in its middle under the product's mark: what is shown before anybody is signed in. */
export function Entrance({ title, foot, children }: EntranceProps) {
  useRoomy('narrow')
  return (
    <main className={classes.page}>
      <section className={classes.card}>
        <header className={classes.brand}>
          <BrandMark />
          <h1>{title}</h1>
        </header>
        {children}
      </section>
      {foot && <footer className={classes.foot}>{foot}</footer>}
    </main>
  )
}
