import { describe, expect, it } from 'vitest'
import { findTypes } from '#domain/appointment/type-search.ts'

const TYPES = [
  { code: 'GP-15', name: 'Consultation' },
  { code: 'GP-30', name: 'Long consultation' },
  { code: 'GP-BP', name: 'Blood pressure check' },
  { code: 'CARD-ECG', name: 'ECG' },
  { code: 'X', name: 'Bp follow-up' },
]
const found = (text: string) => findTypes(TYPES, text).map(({ code }) => code)

describe('a kind of visit is found', () => {
  it.each([
    ['by its code', 'gp-bp', ['GP-BP']],
    ['by a part of its code, before names like it', 'bp', ['GP-BP', 'X']],
    ['by its code without the sign', 'gp15', ['GP-15']],
    ['by any word of its name', 'pressure', ['GP-BP']],
    ['by the beginning of a word', 'cons', ['GP-15', 'GP-30']],
    ['not by what is neither', 'onsult', []],
    ['by nothing: all of them', ' ', ['GP-15', 'GP-30', 'GP-BP', 'CARD-ECG', 'X']],
  ])('%s', (_, text, codes) => {
    expect(found(text)).toEqual(codes)
  })
})
