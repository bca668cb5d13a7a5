// Which part of the page shows: home, a conversation, or whatever else is a <section data-screen="…">.
// The way back leads over what was shown before, and ends at home.

const HOME = 'home';

export function createScreens({ root, back, onShow }) {
  let way = [root.dataset.view];

  const now = () => way[way.length - 1];

  /** `isAsked`: the visitor did it, so the focus goes along. */
  function show(name, isAsked) {
    const at = way.indexOf(name);
    way = at < 0 ? [...way, name] : way.slice(0, at + 1);
    root.dataset.view = name;
    root.querySelectorAll('[data-screen]').forEach((section) => { section.hidden = section.dataset.screen !== name; });
    back.hidden = !way[1];
    onShow(name, isAsked);
  }

  back.addEventListener('click', () => show(way[way.length - 2] || HOME, true));

  return { now, show };
}
