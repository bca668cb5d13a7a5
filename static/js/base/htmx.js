/* What htmx cannot know: a lost session means signing in again. Everything else shows itself where it happened. */
document.addEventListener("htmx:responseError", ({ detail }) => {
  const signIn = document.querySelector("[data-sign-in]")?.dataset.signIn ?? "/accounts/login/";
  if (detail.xhr.status === 401) location.assign(`${signIn}?next=${encodeURIComponent(location.pathname + location.search)}`);
});
