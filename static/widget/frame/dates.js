// Times in the visitor's own zone. Thai days carry Buddhist years; the `datetime` attribute stays ISO.
import { word } from './words.js';

const DAY_MS = 86_400_000;
const locale = { th: 'th-TH-u-ca-buddhist', ja: 'ja-JP' }[document.documentElement.lang] || 'en-GB';
const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const thisYear = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short' });
const otherYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' });

export const clock = (iso) => time.format(new Date(iso));
export const dayKey = (iso) => new Date(iso).toDateString();

/** Today the time, before that the day. */
export const lately = (iso) => (dayKey(iso) === new Date().toDateString() ? clock(iso) : dayName(iso));

export function dayName(iso, now = new Date()) {
  const date = new Date(iso);
  if (dayKey(iso) === now.toDateString()) return word('today');
  if (dayKey(iso) === new Date(now - DAY_MS).toDateString()) return word('yesterday');
  return (date.getFullYear() === now.getFullYear() ? thisYear : otherYear).format(date);
}

/** A day and an hour to come, in the visitor's zone: "Mon, 30 Nov 09:00". */
export const moment = (iso) => `${dayName(iso)} ${clock(iso)}`;
