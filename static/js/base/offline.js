/* A form sent without a network would end on the browser's own error page: it stays here, with a sentence. */
const words = document.getElementById("words")?.dataset ?? {};
const banner = document.getElementById("offline");

function show() {
  if (banner) banner.hidden = navigator.onLine;
}

document.addEventListener("submit", (event) => {
  if (navigator.onLine || event.defaultPrevented || !words.offline) return;
  event.preventDefault();
  const form = event.target;
  delete form.dataset.sent;
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  document.dispatchEvent(new CustomEvent("minichat:toast", { detail: { text: words.offline, level: "error", action: words.again, act: () => form.requestSubmit() } }));
});

addEventListener("online", show);
addEventListener("offline", show);
show();
