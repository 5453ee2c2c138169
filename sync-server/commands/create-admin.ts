/**
 * `npm run sync-server -- create-admin --email ada@clinic.example --name "Ada Admin" [--clinic NAME]`: prints a link that makes the account,
 * good once and for a day. No password is typed or printed.
 */
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Check } from 'typebox/value'
import { ACCOUNT_PATHS, emailSchema } from '#domain/api/account-schemas.ts'
import { openDataFolder } from '#server/data-folder.ts'
import { openDatabase } from '#server/database/database.ts'
import { inviteAdmin } from '#server/operations/accounts/invite-admin.ts'
import { createClinicWriter } from '#server/operations/clinic-writer.ts'
import { newIdSource } from '#server/operations/new-id.ts'
import { createSeal } from '#server/operations/seal.ts'
import { type ClinicRow, listClinics } from '#server/repositories/clinic-rows.ts'
import { readSettings } from '#server/settings.ts'

class Refused extends Error {}

const LONGEST_NAME = 200

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { email: { type: 'string' }, name: { type: 'string' }, clinic: { type: 'string' } },
  })
  const person = { email: values.email?.trim() ?? '', name: values.name?.trim() ?? '' }
  if (!Check(emailSchema(), person.email)) throw new Refused('--email must be an e-mail address.')
  if (person.name === '' || person.name.length > LONGEST_NAME) {
    throw new Refused(`--name must have 1 to ${LONGEST_NAME} characters.`)
  }
  const answer = readSettings(process.env, [])
  if (!answer.ok) throw new Refused(answer.problems.join('\n'))
  const { databaseUrl: url, dataDir, secretKey, publicUrl, port } = answer.settings
  if (url.startsWith('sqlite:') && !existsSync(url.slice('sqlite:'.length))) {
    throw new Refused(`There is no database in ${dataDir}.`)
  }
  const key = secretKey ?? openDataFolder(dataDir).findSecret('secret.key')
  if (key === null) throw new Refused('SECRET_KEY is not set and the data folder holds none: no link would open.')
  const database = openDatabase({ url })
  const now = Date.now
  const writer = createClinicWriter({ database, now, newId: newIdSource(now) })
  try {
    const clinic = chooseClinic(await database.read(listClinics), values.clinic)
    const made = await inviteAdmin({ writer, now, tokenSeal: createSeal(key, 'account-token') }, clinic.id, person)
    if (!made.ok) throw new Refused(SENTENCES[made.reason])
    const link = `${publicUrl ?? `http://127.0.0.1:${port}`}${ACCOUNT_PATHS.password}#${made.secret}`
    console.log(`An administrator of ${clinic.name}; the link works once, for a day:\n${link}`)
  } finally {
    await writer.close()
    await database.close()
  }
}

const SENTENCES = {
  'email-exists': '--email has an account already: give it the role in the app, under Settings, People.',
  'no-role': 'No role of this clinic may manage its people.',
} as const

function chooseClinic(clinics: readonly ClinicRow[], wanted: string | undefined): ClinicRow {
  if (clinics.length === 0) throw new Refused('There is no clinic yet: the server prints a link that sets one up.')
  const fitting = wanted === undefined ? clinics : clinics.filter(({ id, name }) => id === wanted || name === wanted)
  const [clinic] = fitting
  if (!clinic || fitting.length > 1) {
    throw new Refused(`--clinic must be one of: ${clinics.map(({ id, name }) => `${name} (${id})`).join(', ')}.`)
  }
  return clinic
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Refused ? error.message : error)
  process.exitCode = 1
}
