// Everything here only improves: each page works without it. A module is loaded when a page has an element that names it.
const own = { already: "./already.mjs", autosave: "./autosave.mjs", compare: "./compare.mjs", count: "./count.mjs", file: "./file.mjs", suggest: "./suggest.mjs", toolbar: "./toolbar.mjs" };

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
