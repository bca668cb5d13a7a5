// Light or dark: the visitor's system decides, unless the page has said otherwise. And the owner's colour.

const dark = matchMedia('(prefers-color-scheme:dark)');
let wish = 'auto';

export function setTheme(theme) {
  wish = theme;
  apply();
}

function apply() {
  document.documentElement.dataset.theme = wish === 'auto' ? (dark.matches ? 'dark' : 'light') : wish;
}

dark.addEventListener('change', apply);

/** The preview tries colours out: the old sheet stays until the new one is there, so that nothing flashes. */
export function setColor(color) {
  if (!/^#[0-9a-f]{6}$/.test(color)) return;
  const before = document.getElementById('theme');
  const sheet = document.createElement('link');
  sheet.rel = 'stylesheet';
  sheet.id = 'theme';
  sheet.href = `/widget/theme/${color.slice(1)}.css`;
  sheet.onload = () => before && before.remove();
  document.head.append(sheet);
}
