import { expect, test } from 'vitest'
import { switchDays } from '#domain/time/switch-days.ts'

test('London has two in a year: one short, one long', () => {
  expect(switchDays('Europe/London', '2026-11-24', 365)).toEqual([
    { day: '2027-03-28', hours: 23 },
    { day: '2027-10-31', hours: 25 },
  ])
})

test('a zone that keeps its clock has none, and a half hour is told as it is', () => {
  expect(switchDays('Asia/Kolkata', '2026-11-24', 365)).toEqual([])
  expect(switchDays('Australia/Lord_Howe', '2026-11-24', 365).map(({ hours }) => hours)).toEqual([24.5, 23.5])
})
