/* <details class="drop"> as a menu: one open at a time, closed by Esc, by a click elsewhere and after choosing; the
   arrows walk through it. "minichat:menu" opens one from a shortcut. */
const opened = () => [...document.querySelectorAll("details.drop[open]")];
const optionsOf = (menu) => [...menu.querySelectorAll(".opt:not([disabled], [aria-disabled='true'])")];

document.addEventListener("click", ({ target }) => {
  for (const menu of opened()) if (!menu.contains(target)) menu.open = false;
});
document.addEventListener("submit", ({ target }) => close(target.closest("details.drop")));
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.drop[open]");
  if (menu) move(menu, event);
});
document.addEventListener("minichat:menu", ({ detail }) => {
  detail.menu.open = true;
  (detail.menu.querySelector("[data-menu-first]") ?? optionsOf(detail.menu)[0])?.focus();
});

/* The chosen entry may disappear with the menu; the focus stays at the button that opened it. */
function close(menu) {
  if (!menu) return;
  const hadFocus = menu.contains(document.activeElement);
  menu.open = false;
  if (hadFocus) menu.querySelector("summary").focus();
}

function move(menu, event) {
  if (event.key === "Escape") {
    event.stopPropagation();
    return close(menu);
  }
  const options = optionsOf(menu);
  const at = options.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at === -1 ? options.length - 1 : at - 1, Home: 0, End: options.length - 1 }[event.key];
  if (next === undefined || !options.length) return;
  event.preventDefault();
  options[(next + options.length) % options.length].focus();
}
