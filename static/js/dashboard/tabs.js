/* [role=tablist]: the arrows move between tabs and show their panel at once (aria-controls). Without this script all
   panels are open, one below the other. */
const tabsOf = (list) => [...list.querySelectorAll("[role=tab]")];

for (const list of document.querySelectorAll("[role=tablist]")) {
  choose(tabsOf(list).find((tab) => tab.getAttribute("aria-selected") === "true") ?? tabsOf(list)[0]);
}

function choose(chosen) {
  for (const tab of tabsOf(chosen.closest("[role=tablist]"))) {
    const on = tab === chosen;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    document.getElementById(tab.getAttribute("aria-controls")).hidden = !on;
  }
}

document.addEventListener("click", ({ target }) => {
  const tab = target.closest("[role=tab]");
  if (tab) choose(tab);
});
document.addEventListener("keydown", (event) => {
  const tab = event.target.closest?.("[role=tab]");
  if (!tab) return;
  const all = tabsOf(tab.closest("[role=tablist]"));
  const at = all.indexOf(tab);
  const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  const chosen = all[(next + all.length) % all.length];
  choose(chosen);
  chosen.focus();
});
