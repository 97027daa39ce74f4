// Everything here only improves: each page works without it. A module is loaded when a page has an element that names it.
const own = { autosave: "./autosave.mjs", toolbar: "./toolbar.mjs", count: "./count.mjs", suggest: "./suggest.mjs" };

for (const [name, path] of Object.entries(own)) {
  const elements = document.querySelectorAll(`[data-module~="${name}"]`);
  if (elements.length) import(path).then(({ start }) => elements.forEach((element) => start(element)));
}

if (document.querySelector('[data-module^="nhsuk-"]')) {
  document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
  import("../vendor/nhsuk/index.mjs").then(({ createAll, ErrorSummary, PasswordInput, SkipLink }) => {
    [ErrorSummary, PasswordInput, SkipLink].forEach((part) => createAll(part));
  });
}

// On a phone the filters would push the results off the screen; without script they stay open.
if (window.matchMedia("(max-width: 60em)").matches) {
  document.querySelectorAll(".app-filters__panel[open]").forEach((panel) => panel.removeAttribute("open"));
}
