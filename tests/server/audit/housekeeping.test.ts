import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hours } from '#domain/time/instant.ts'
import { openDatabase } from '#server/database/database.ts'
import { createHousekeeping } from '#server/operations/housekeeping.ts'
import { aFixtureClinic, type Fixture } from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

describe.each(engines)('the daily work on %s', (engine) => {
  let fixture: Fixture
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
  })
  afterAll(() => fixture.close())

  function anInstance(name: string, database = fixture.database) {
    const done: string[] = []
    const failures: object[] = []
    let isBroken = false
    const run = async () => {
      if (isBroken) throw new Error('out of paper')
      done.push(name)
    }
    const log = { error: (fields: object) => void failures.push(fields) }
    const housekeeping = createHousekeeping({ database, now: () => fixture.clock.now, tasks: [{ name, run }], log })
    const spoil = (value: boolean) => {
      isBroken = value
    }
    return { ...housekeeping, done, failures, spoil }
  }

  test('is done once a day, by one instance of several', async () => {
    const other = openDatabase({ url: fixture.url })
    const one = anInstance('sweep')
    const two = anInstance('sweep', other)
    const both = () => [...one.done, ...two.done].length
    await Promise.all([one.look(), two.look()])
    expect(both()).toBe(1)
    fixture.clock.now += hours(2)
    await Promise.all([one.look(), two.look()])
    expect(both()).toBe(1)
    fixture.clock.now += hours(22)
    await Promise.all([one.look(), two.look()])
    expect(both()).toBe(2)
    await Promise.all([one.close(), two.close()])
    await other.close()
  })

  test('is due again at the next look when it failed, and says so without saying what', async () => {
    const one = anInstance('dust')
    one.spoil(true)
    await one.look()
    expect(one.failures).toMatchObject([{ task: 'dust' }])
    one.spoil(false)
    await one.look()
    expect(one.done).toEqual(['dust'])
    await one.close()
  })
})
