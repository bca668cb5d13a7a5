/* Tables that are whole on the page sort here: <table data-sortable> with a button.tbl-sort in the header cells; a cell
   may carry data-value where its words are not what it sorts by. Long tables sort on the server, by links.
   form[data-bulk]: boxes named like its [data-bulk-all], and a bar (.bulk) with what can be done with the ticked rows. */
const collator = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });
const live = document.getElementById("live");

document.addEventListener("click", ({ target }) => {
  const button = target.closest("table[data-sortable] .tbl-sort");
  if (button) sort(button.closest("table"), button.closest("th"));
  if (target.closest("[data-bulk-none]")) tickAll(target.closest("form[data-bulk]"), false);
});

function sort(table, header) {
  const down = header.getAttribute("aria-sort") === "ascending";
  const column = [...header.parentElement.children].indexOf(header);
  const body = table.tBodies[0];
  const key = (row) => row.children[column].dataset.value ?? row.children[column].textContent.trim();
  const rows = [...body.rows].sort((a, b) => collator.compare(key(a), key(b)) * (down ? -1 : 1));
  for (const other of table.querySelectorAll("[aria-sort]")) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", down ? "descending" : "ascending");
  body.append(...rows);
}

const boxes = (form) => [...form.querySelectorAll(`input[type=checkbox][name="${form.dataset.bulk}"]`)];

function tickAll(form, on) {
  for (const box of boxes(form)) box.checked = on;
  count(form);
  if (!on) form.querySelector("[data-bulk-all]").focus();
}

function count(form) {
  const all = boxes(form);
  const ticked = all.filter((box) => box.checked);
  for (const box of all) box.closest("tr").classList.toggle("is-picked", box.checked);
  const master = form.querySelector("[data-bulk-all]");
  master.checked = ticked.length > 0 && ticked.length === all.length;
  master.indeterminate = ticked.length > 0 && !master.checked;
  const bar = form.querySelector(".bulk");
  bar.hidden = !ticked.length;
  const words = bar.querySelector("[data-bulk-count]");
  words.textContent = (ticked.length === 1 ? words.dataset.one : words.dataset.many).replace("{n}", String(ticked.length));
  if (live) live.textContent = ticked.length ? words.textContent : "";
}

document.addEventListener("change", ({ target }) => {
  const form = target.closest("form[data-bulk]");
  if (!form) return;
  if (target.matches("[data-bulk-all]")) tickAll(form, target.checked);
  else if (target.name === form.dataset.bulk) count(form);
});
document.querySelectorAll("form[data-bulk]").forEach(count);
