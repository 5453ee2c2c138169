/** Where a patient stands in their app. View state only: data comes from the local database and the server. */
import { create } from 'zustand'
import type { Start } from '#renderer/features/book-visit/draft.ts'
import type { Wish } from '#renderer/features/own-waitlist/wait-form.tsx'

export type PatientView =
  | { readonly screen: 'visits' | 'doctors' | 'account' }
  /** `key` tells two bookings after each other apart, so that nothing of the first is left in the second. */
  | { readonly screen: 'book'; readonly start: Start; readonly key: number }
  | { readonly screen: 'wait'; readonly wish: Wish }

export const usePatientView = create<{ readonly view: PatientView }>(() => ({ view: { screen: 'visits' } }))

export const showPatientScreen = (view: PatientView): void => usePatientView.setState({ view })

let bookings = 0

export const startBooking = (start: Start = {}): void => {
  bookings += 1
  showPatientScreen({ screen: 'book', start, key: bookings })
}
