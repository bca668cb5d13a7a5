// [data-copy="#id"] copies the text of that element and says so for a moment.
const SAY_FOR = 2_000;

document.addEventListener('click', async event => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  if (await copy(source)) confirm(button);
});

// Plain-http pages have no clipboard: the text is selected there, one key away from copied.
async function copy(source) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(source);
    return false;
  }
}

function confirm(button) {
  const words = button.querySelector('[data-copy-words]');
  const before = words.textContent;
  if (before === button.dataset.copied) return;
  words.textContent = button.dataset.copied;
  setTimeout(() => { words.textContent = before; }, SAY_FOR);
}
