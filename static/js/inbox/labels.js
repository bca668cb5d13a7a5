// Chips of labels follow when a label is renamed, coloured anew or deleted, and the details follow the header.
import { when } from './bus.js';
import { head } from './page.js';
import { labelOf } from './picker.js';

export function startLabels() {
  when('labels:changed', () => document.querySelectorAll('#inbox [data-label]').forEach(follow));
  when('frame:head', () => setTimeout(drawOwn));
  when('head:changed', drawOwn);
}

function follow(chip) {
  const label = labelOf(chip.dataset.label);
  if (!label) return chip.remove();
  dress(chip, label);
}

function dress(chip, { name, hue }) {
  chip.className = `chip chip-label h${hue}`;
  chip.firstElementChild.textContent = name;
}

function drawOwn() {
  const place = document.querySelector('[data-own-labels]');
  const ids = head()?.dataset.labels?.trim();
  if (!place || ids === undefined) return;
  const known = ids.split(' ').map(labelOf).filter(Boolean);
  place.replaceChildren(...known.map(label => {
    const chip = document.createElement('span');
    chip.dataset.label = label.id;
    chip.append(document.createElement('span'));
    dress(chip, label);
    return chip;
  }));
}
