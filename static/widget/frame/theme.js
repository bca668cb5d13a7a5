// Light or dark: the visitor's system decides, unless the page has said otherwise, or the owner has chosen one for all.

const dark = matchMedia('(prefers-color-scheme:dark)');
let wish = 'auto';

export function setTheme(theme) {
  wish = theme;
  apply();
}

function apply() {
  document.documentElement.dataset.theme = document.body.dataset.look || (wish === 'auto' ? (dark.matches ? 'dark' : 'light') : wish);
}

dark.addEventListener('change', apply);
