// Light or dark: the visitor's system decides, unless the page has said otherwise.

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
