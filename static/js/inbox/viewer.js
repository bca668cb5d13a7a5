// A picture of the thread, as large as the window: a native dialog, with the arrows leading on to its neighbours.
import { log } from './page.js';

const dialog = document.getElementById('viewer');
const picture = dialog.querySelector('.viewer-pic');
const problem = dialog.querySelector('.err');
let shown = null;

export function startViewer() {
  document.addEventListener('click', clicked);
  dialog.addEventListener('keydown', pressed);
  dialog.addEventListener('close', () => { picture.removeAttribute('src'); shown?.focus(); shown = null; });
  // Beside the picture is out.
  dialog.addEventListener('click', event => event.target === dialog && dialog.close());
  picture.addEventListener('error', () => { problem.hidden = false; });
}

function clicked(event) {
  const link = event.target.closest('a[data-viewer]');
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  show(link);
  dialog.showModal();
}

function show(link) {
  shown = link;
  problem.hidden = true;
  picture.src = link.href;
  picture.alt = link.dataset.viewer;
  dialog.querySelector('h2').textContent = link.dataset.viewer;
  Object.assign(dialog.querySelector('[data-viewer-save]'), { href: link.href, download: link.dataset.viewer });
}

function pressed(event) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step) return;
  const all = [...log().querySelectorAll('a[data-viewer]')];
  const next = all[all.findIndex(link => link.href === shown.href) + step];
  if (next) show(next);
}
