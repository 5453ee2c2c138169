/**
 * Invented names in nine scripts, put together at random from common given names and family names.
 * Family names that differ by gender are given as [male, female].
 */
import type { SeededRandom } from './seeded-random.ts'

type FamilyName = string | readonly [male: string, female: string]

type NamePool = {
  readonly language: string
  /** How many of a hundred patients bear such a name. */
  readonly share: number
  readonly male: readonly string[]
  readonly female: readonly string[]
  readonly family: readonly FamilyName[]
  /** Where the family name comes first, with nothing or a space in between. */
  readonly familyFirst?: '' | ' '
}

const words = (text: string): readonly string[] => text.split(' ')
const pairs = (text: string): readonly FamilyName[] =>
  text.split(' ').map((word) => {
    const [male = word, female] = word.split('/')
    return female ? ([male, female] as const) : male
  })

const POOLS: readonly NamePool[] = [
  {
    language: 'en',
    share: 44,
    male: words(
      'Oliver George Arthur Noah Harry Leo Jack Thomas Henry Samuel Daniel Joseph Benjamin Edward Callum Rhys Owain Declan Marcus Dwayne Graham Trevor Keith Alan Kenneth',
    ),
    female: words(
      'Olivia Amelia Isla Ava Freya Grace Florence Poppy Charlotte Eleanor Alice Hannah Megan Bethan Siobhán Aoife Zoë Chloë Margaret Doreen Patricia Susan Joan Beverley Janet',
    ),
    family: pairs(
      "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White Roberts Green Hall Wood Jackson Clarke O'Connor O'Brien Llewellyn MacDonald Campbell Fitzgerald Hughes Bennett Okafor Adeyemi Mensah Ashworth Pemberton Whitaker Holloway Brontë",
    ),
  },
  {
    language: 'pl',
    share: 8,
    male: words('Paweł Łukasz Krzysztof Michał Tomasz Grzegorz Stanisław Jędrzej'),
    female: words('Małgorzata Agnieszka Zofia Katarzyna Bożena Elżbieta Jagoda Róża'),
    family: pairs(
      'Kowalski/Kowalska Wiśniewski/Wiśniewska Wójcik Kamiński/Kamińska Lewandowski/Lewandowska Zieliński/Zielińska Woźniak Dąbrowski/Dąbrowska Gołębiewski/Gołębiewska',
    ),
  },
  {
    language: 'es',
    share: 6,
    male: words('José Andrés Íñigo Álvaro João Sebastião Martín Raúl'),
    female: words('María Begoña Inês Lucía Conceição Sofía Núria Belén'),
    family: pairs('García Muñoz Fernández Núñez Gonçalves Simões Peña Ibáñez Araújo Sánchez'),
  },
  {
    language: 'de',
    share: 4,
    male: words('Jürgen Günther Björn Søren Håkon Jörg Émile François'),
    female: words('Käthe Bärbel Åsa Solveig Renée Hélène Jönna Mette'),
    family: pairs('Müller Schäfer Groß Köhler Sørensen Åkesson Lefèvre Bjørnstad Weiß Gagné'),
  },
  {
    language: 'tr',
    share: 4,
    male: words('Çağlar Ömer İbrahim Oğuz Mehmet Şükrü'),
    female: words('Ayşe Gülşen Çiğdem Özlem Zeynep İpek'),
    family: pairs('Yılmaz Şahin Öztürk Çelik Kılıç Doğan Aydın Güneş'),
  },
  {
    language: 'vi',
    share: 2,
    male: words('Minh Hùng Tuấn Đức'),
    female: words('Hương Thảo Ngọc Ánh'),
    family: pairs('Nguyễn Trần Phạm Đặng Võ Bùi'),
    familyFirst: ' ',
  },
  {
    language: 'uk',
    share: 7,
    male: words('Олександр Дмитро Іван Сергій Андрій Тарас Микола Богдан'),
    female: words('Олена Наталія Світлана Ірина Оксана Юлія Марія Катерина'),
    family: pairs(
      'Шевченко Коваленко Бондаренко Ткаченко Мельник Петренко Іванов/Іванова Соколовський/Соколовська Кравчук Білецький/Білецька',
    ),
  },
  {
    language: 'el',
    share: 4,
    male: words('Γιώργος Νίκος Δημήτρης Παναγιώτης Θεόδωρος Ηλίας'),
    female: words('Ελένη Αικατερίνη Βασιλική Δήμητρα Χρυσούλα Άννα'),
    family: pairs(
      'Παπαδόπουλος/Παπαδοπούλου Γεωργίου Οικονόμου Νικολαΐδης/Νικολαΐδου Αντωνίου Καραγιάννης/Καραγιάννη Βλάχος/Βλάχου',
    ),
  },
  {
    language: 'ar',
    share: 6,
    male: words('محمد أحمد يوسف خالد عمر حسن إبراهيم طارق'),
    female: words('فاطمة مريم زينب ليلى نور هدى سارة عائشة'),
    family: pairs('الحسن العلي النجار الخطيب حداد منصور الشامي عبدالله درويش'),
  },
  {
    language: 'he',
    share: 2,
    male: words('דוד יוסף אברהם נועם איתן'),
    female: words('שרה רחל מרים יעל תמר'),
    family: pairs('כהן לוי מזרחי פרץ ביטון אברהמי'),
  },
  {
    language: 'hi',
    share: 6,
    male: words('राहुल अमित विजय संजय अर्जुन रोहन'),
    female: words('प्रिया अनीता सुनीता काव्या दीपिका मीरा'),
    family: pairs('शर्मा पटेल सिंह गुप्ता कुमार वर्मा मिश्रा'),
  },
  {
    language: 'zh',
    share: 4,
    male: words('伟 强 建国 志明 浩然 俊杰'),
    female: words('芳 秀英 丽娜 雨桐 晓红 静'),
    family: pairs('王 李 张 刘 陈 杨 黄 赵'),
    familyFirst: '',
  },
  {
    language: 'ja',
    share: 2,
    male: words('太郎 健一 翔太 浩'),
    female: words('花子 美咲 陽子 さくら'),
    family: pairs('佐藤 鈴木 高橋 田中 渡辺 小林'),
    familyFirst: ' ',
  },
  {
    language: 'ko',
    share: 1,
    male: words('민준 서준 지훈 영수'),
    female: words('서연 지은 민지 영희'),
    family: pairs('김 이 박 최 정'),
    familyFirst: '',
  },
]

/** A name and the language it suggests (ISO 639-1); `family` lets relatives bear the same family name. */
export type DemoName = { readonly name: string; readonly language: string; readonly family: DemoFamily }
export type DemoFamily = { readonly pool: NamePool; readonly familyName: FamilyName }

/** One name in the mix of a city clinic, or one of the given family. */
export function demoName(random: SeededRandom, gender: 'female' | 'male', relatives?: DemoFamily): DemoName {
  const pool = relatives?.pool ?? pickPool(random)
  const familyName = relatives?.familyName ?? random.pick(pool.family)
  const given = random.pick(pool[gender])
  const family = typeof familyName === 'string' ? familyName : familyName[gender === 'male' ? 0 : 1]
  const name = pool.familyFirst === undefined ? `${given} ${family}` : `${family}${pool.familyFirst}${given}`
  return { name, language: pool.language, family: { pool, familyName } }
}

function pickPool(random: SeededRandom): NamePool {
  const total = POOLS.reduce((sum, { share }) => sum + share, 0)
  let left = random.next() * total
  for (const pool of POOLS) {
    left -= pool.share
    if (left < 0) return pool
  }
  throw new RangeError('The shares of the name pools do not add up')
}
