// [data-refresh-after="3"] loads the page again after so many seconds, while somebody looks at it.
const MOST = 10 * 60_000;
const waiting = document.querySelector('[data-refresh-after]');
const began = performance.now();

function again() {
  if (performance.now() - began > MOST) return;
  setTimeout(() => { document.hidden ? again() : location.reload(); }, Number(waiting.dataset.refreshAfter) * 1_000);
}
if (waiting) again();
