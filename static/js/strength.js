// [data-strength] says beside a new password how strong it looks while it is typed. The server decides.
const LEVELS = ['weak', 'medium', 'strong'];
const LENGTHS = [8, 12, 16];
// Letters without capitals, such as Thai, count as both sorts.
const KINDS = [/[\p{Ll}\p{Lo}]/u, /[\p{Lu}\p{Lo}]/u, /\p{Nd}/u, /[^\p{L}\p{Nd}]/u];

for (const input of document.querySelectorAll('input[data-strength]')) enhance(input);

function enhance(input) {
  const meter = document.createElement('p');
  meter.className = 'strength';
  meter.setAttribute('aria-live', 'polite');
  meter.hidden = true;
  const words = document.createElement('span');
  meter.append(...LEVELS.map(() => document.createElement('i')), words);
  input.closest('.field').append(meter);
  input.addEventListener('input', () => {
    const level = levelOf(input.value);
    meter.hidden = !input.value;
    meter.dataset.level = LEVELS[level];
    const word = input.dataset[LEVELS[level]];
    if (words.textContent !== word) words.textContent = word;
  });
}

// Up to seven points: two and fewer are weak, four and fewer fair.
function levelOf(password) {
  const length = [...password].length;
  const points = LENGTHS.filter(least => length >= least).length + KINDS.filter(kind => kind.test(password)).length;
  return length < LENGTHS[0] || points <= 2 ? 0 : points <= 4 ? 1 : 2;
}
