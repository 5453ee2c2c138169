import { expect, test } from 'vitest'
import { draftOf, stepBack, stepOf } from '#renderer/features/book-visit/draft.ts'
import { testId } from '#tests/support/builders.ts'

const [own, child] = [testId('Patient', 1), testId('Patient', 2)]
const typeId = testId('AppointmentType')
const doctorId = testId('Doctor')

test('whoever books for one person is not asked for whom', () => {
  expect(stepOf(draftOf({}, [own]))).toBe('reason')
  expect(stepOf(draftOf({}, [own, child]))).toBe('patient')
})

test('what is settled beforehand is not asked, and cannot be taken back', () => {
  const first = draftOf({ typeId, doctorId }, [own])
  expect(stepOf(first)).toBe('time')
  expect(stepBack(first, first)).toBeNull()
})

test('going back takes the last decision and leaves those before it', () => {
  const first = draftOf({}, [own])
  const chosen = { ...first, typeId, doctorId: 'any' as const }
  const back = stepBack(chosen, first)
  expect(back && stepOf(back)).toBe('doctor')
  expect(back).toMatchObject({ typeId, doctorId: null })
})
