// <details> as a menu: one open at a time, closed by Esc, by a click elsewhere, and after choosing.
const opened = () => [...document.querySelectorAll('details.drop[open]')];

export function startMenus() {
  document.addEventListener('click', event => {
    for (const menu of opened()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener('submit', event => { closeAround(event.target); });
  document.addEventListener('keydown', event => {
    const menu = event.target.closest?.('details.drop[open]');
    if (menu) move(menu, event);
  });
}

export function openMenu(menu) {
  menu.open = true;
  menu.querySelector('.opt')?.focus();
}

// The chosen entry disappears with the menu; the focus stays at the button that opened it.
function closeAround(node) {
  const menu = node.closest('details.drop');
  if (!menu) return;
  const hadFocus = menu.contains(document.activeElement);
  menu.open = false;
  if (hadFocus) menu.querySelector('summary').focus();
}

function move(menu, event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === 'Escape') leave(menu, event);
  if (!step) return;
  event.preventDefault();
  const options = [...menu.querySelectorAll('.opt')];
  const at = options.indexOf(document.activeElement);
  options[(at + step + options.length) % options.length]?.focus();
}

function leave(menu, event) {
  event.stopPropagation();
  menu.open = false;
  menu.querySelector('summary').focus();
}
