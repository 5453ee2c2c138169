/** `GET /api/v1/users?roleId=`: the people who have a role, and nobody else's. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

type Named = { readonly id: string; readonly name: string }

describe.each(engines)('the people of a role on %s', (engine) => {
  let server: ServerUnderTest
  let roles: readonly Named[]
  beforeAll(async () => {
    server = await aServer(engine)
    roles = (await server.request('GET', '/api/v1/roles', { as: 'admin' })).body.roles
  })
  afterAll(() => server.stop())

  const peopleOf = async (role: string, query = ''): Promise<string[]> => {
    const id = roles.find(({ name }) => name === role)?.id
    const answer = await server.request('GET', `/api/v1/users?roleId=${id}${query}`, { as: 'admin' })
    return answer.body.users.map(({ name }: Named) => name)
  }

  test('are those who have it, and a search narrows them', async () => {
    expect(await peopleOf('doctor')).toEqual(['Fixture doctor'])
    expect(await peopleOf('receptionist')).toEqual(['Fixture receptionist'])
    expect(await peopleOf('receptionist', '&search=doctor')).toEqual([])
  })
})
