// "4 min" does not stay true: the short times of the list are told again every half minute.
import { text } from './page.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export function startClock() {
  drawAgo(document);
  setInterval(() => drawAgo(document), MINUTE / 2);
}

export function drawAgo(root) {
  root.querySelectorAll('time[data-ago]').forEach(draw);
}

function draw(time) {
  const age = Date.now() - Date.parse(time.dateTime);
  if (time.dataset.ago === 'since') time.textContent = age < MINUTE ? '' : since(age);
  else if (age < MINUTE) time.textContent = text('now');
  else if (age < HOUR) time.textContent = text('minutes', { n: Math.floor(age / MINUTE) });
  else if (age < 2 * HOUR) time.textContent = time.dataset.short;
}

function since(age) {
  if (age < HOUR) return text('minutes', { n: Math.floor(age / MINUTE) });
  if (age < 24 * HOUR) return text('hours', { n: Math.floor(age / HOUR) });
  return text('days', { n: Math.floor(age / (24 * HOUR)) });
}
