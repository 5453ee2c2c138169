import fc from 'fast-check'
import { expect, test } from 'vitest'
import { timeOfMinute } from '#domain/time/clinic-time.ts'
import { typedTime } from '#domain/time/typed-time.ts'

test('a time may be typed in short', () => {
  expect(['8', '08', '830', '0830', '8:30', '8.30', ' 17h45 '].map(typedTime)).toEqual([
    '08:00',
    '08:00',
    '08:30',
    '08:30',
    '08:30',
    '08:30',
    '17:45',
  ])
})

test('what is no time of the day is none', () => {
  expect(['', '24:00', '8:60', 'noon', '12345', '-3'].map(typedTime)).toEqual(Array(6).fill(undefined))
})

test('every time reads back as itself', () => {
  fc.assert(fc.property(fc.nat(1439), (minute) => typedTime(timeOfMinute(minute)) === timeOfMinute(minute)))
})
