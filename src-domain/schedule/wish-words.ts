/** The words of a wished time, as `normalised` leaves them: lower case, without marks. Arabic words stand with and without the article. */
import { normalised } from '#domain/people/name-search.ts'

export type Unit = 'day' | 'week' | 'month' | 'year'
export type PartOfDay = 'morning' | 'afternoon' | 'evening'

const table = <Meaning>(rows: readonly (readonly [Meaning, string])[]): ReadonlyMap<string, Meaning> =>
  new Map(rows.flatMap(([meaning, words]) => words.split(' ').map((word) => [normalised(word), meaning] as const)))

export const UNIT_WORDS = table<Unit>([
  ['day', 'd day days t tag tage tagen dia dias يوم ايام أيام'],
  ['week', 'w wk week weeks wo woche wochen s sem semana semanas أسبوع اسبوع أسابيع اسابيع'],
  ['month', 'm mo month months monat monate monaten mes meses شهر أشهر شهور'],
  ['year', 'y year years j jahr jahre jahren a ano anos سنة سنوات'],
])

/** Monday 1 to Sunday 7. */
export const WEEKDAY_WORDS = table<number>([
  [1, 'mon monday mo montag lun lunes الاثنين الإثنين اثنين'],
  [2, 'tue tues tuesday di dienstag mar martes الثلاثاء ثلاثاء'],
  [3, 'wed wednesday mi mittwoch mie miercoles الأربعاء اربعاء أربعاء'],
  [4, 'thu thur thurs thursday do donnerstag jue jueves الخميس خميس'],
  [5, 'fri friday fr freitag vie viernes الجمعة جمعة'],
  [6, 'sat saturday sa samstag sab sabado السبت سبت'],
  [7, 'sun sunday so sonntag dom domingo الأحد احد أحد'],
])

/** Days from today. */
export const DAY_WORDS = table<number>([
  [0, 'today heute hoy اليوم'],
  [1, 'tomorrow tmr morgen manana غدا غدًا'],
  [2, 'ubermorgen uebermorgen بعدغد'],
])

export const PART_WORDS = table<PartOfDay>([
  ['morning', 'am morning vorm vormittag vormittags fruh morgen morgens manana صباحا صباحًا الصباح'],
  ['afternoon', 'pm afternoon nachm nachmittag nachmittags tarde ظهرا ظهرًا مساء مساءً'],
  ['evening', 'evening eve abend abends noche'],
])

/** Said around the rest, and saying nothing by themselves. */
export const FILLERS: ReadonlySet<string> = new Set(
  'in on at from the um ab en el la los las por a de desde بعد في يوم من الساعة'.split(' ').map(normalised),
)
