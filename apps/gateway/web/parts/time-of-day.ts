const TODAY = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const ANOTHER_DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** In the zone of the browser; with the date if it is not today. What is no time stays as it is. */
export function timeOfDay(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  return (time.toDateString() === new Date().toDateString() ? TODAY : ANOTHER_DAY).format(time);
}
