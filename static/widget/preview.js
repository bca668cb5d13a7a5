// The designer tries things out on the real page: asked for by nobody else.

const COLOR = /^#[0-9a-f]{6}$/;
const get = (id) => document.getElementById(id);

export function start({ color, style, theme, title, greeting, offline, branding }) {
  paint(color, style);
  document.body.dataset.look = theme; // empty: whatever the page around says
  if (theme) document.documentElement.dataset.theme = theme;
  get('title').textContent = title;
  document.querySelectorAll('.hi').forEach((place) => { place.textContent = greeting; });
  get('away').firstChild.data = `${offline} `;
  get('brand').hidden = !branding;
}

/** The old sheet stays until the new one is there, so that nothing flashes. */
function paint(color, style) {
  const href = COLOR.test(color) && `/widget/theme/${color.slice(1)}${/^[a-z]+$/.test(style) ? `-${style}` : ''}.css`;
  const before = [...document.querySelectorAll('link[href*="/widget/theme/"]')];
  if (!href || before.some((sheet) => sheet.getAttribute('href') === href && sheet === before[before.length - 1])) return;
  const sheet = Object.assign(document.createElement('link'), { rel: 'stylesheet', href });
  sheet.onload = () => {
    before.forEach((old) => old.remove());
    sheet.id = 'theme';
  };
  document.head.append(sheet);
}
