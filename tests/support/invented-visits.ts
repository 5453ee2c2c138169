/** A CSV file in the shape of the public no-show data set, with people and places that do not exist. */

export const INVENTED_HEADER =
  'PatientId,AppointmentID,Gender,ScheduledDay,AppointmentDay,Age,Neighbourhood,Scholarship,Hipertension,Diabetes,Alcoholism,Handcap,SMS_received,No-show'

/** `count` good rows over three neighbourhoods; every fifth patient missed the visit, every seventh row is a known patient. */
export function inventedVisits(count: number): string {
  const rows = Array.from({ length: count }, (_, index) => {
    const patient = index % 7 === 6 ? index - 3 : index
    const place = ['MORRO INVENTADO', 'PRAIA NENHUMA', '"ILHA, A OUTRA"'][patient % 3]
    const sex = patient % 2 === 0 ? 'F' : 'M'
    const missed = index % 5 === 0 ? 'Yes' : 'No'
    return `${patient}E+3,${5_000 + index},${sex},2016-04-27T09:15:30Z,2016-04-29T00:00:00Z,${patient % 90},${place},0,0,0,0,0,1,${missed}`
  })
  return `${[INVENTED_HEADER, ...rows].join('\n')}\n`
}
