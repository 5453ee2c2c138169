import type { ReactNode } from 'react'
import { BrandMark } from './brand-mark.tsx'
import classes from './entrance.module.css'

/** A page with one card in its middle under the product's mark: what is shown before anybody is signed in. */
export function Entrance({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <main className={classes.page}>
      <section className={classes.card}>
        <header className={classes.brand}>
          <BrandMark />
          <h1>{title}</h1>
        </header>
        {children}
      </section>
    </main>
  )
}
