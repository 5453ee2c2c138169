import { Button } from '@mantine/core'
import { Component, type ReactNode } from 'react'
import { Translation } from 'react-i18next'
import classes from './error-boundary.module.css'

type BoundaryProps = { readonly children: ReactNode }

/** The last net: a screen that says what to do. What was entered before is in the local database and stays. */
export class ErrorBoundary extends Component<BoundaryProps, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false }

  static getDerivedStateFromError() {
    return { hasFailed: true }
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children
    return (
      <Translation>
        {(t) => (
          <main className={classes.page}>
            <h1>{t('error.title')}</h1>
            <p>{t('error.about')}</p>
            <Button variant="filled" size="sm" onClick={() => location.reload()}>
              {t('error.reload')}
            </Button>
          </main>
        )}
      </Translation>
    )
  }
}
