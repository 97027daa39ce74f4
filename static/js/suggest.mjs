// Suggestions under a search box: a combobox with a list (ARIA Authoring Practices). Without an answer it stays a plain box.
const PAUSE = 150;
let boxes = 0;

export function start(input) {
  const number = ++boxes;
  const list = document.createElement("div");
  const said = document.createElement("p");
  let options = [];
  let active = -1;
  let timer = 0;
  let asking = null;

  list.className = "app-suggest";
  list.id = `suggestions-${number}`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  said.className = "nhsuk-u-visually-hidden";
  said.setAttribute("role", "status");
  input.parentElement.append(list, said);
  input.setAttribute("role", "combobox");
  input.setAttribute("autocomplete", "off");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);

  const element = (name, className, text) => {
    const made = document.createElement(name);
    made.className = className;
    if (text) made.textContent = text;
    return made;
  };

  function close() {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    choose(-1);
    input.setAttribute("aria-expanded", "false");
  }

  function choose(which) {
    options[active]?.setAttribute("aria-selected", "false");
    active = which;
    const option = options[active];
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", option.id);
    } else input.removeAttribute("aria-activedescendant");
  }

  function show(groups) {
    list.replaceChildren();
    options = [];
    active = -1;
    for (const { name, options: found } of groups) {
      const group = element("div", "app-suggest__group");
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", name);
      const heading = element("span", "app-suggest__heading", name);
      heading.setAttribute("aria-hidden", "true");
      group.append(heading);
      for (const { href, text, note } of found) {
        const option = element("div", "app-suggest__option", text);
        option.id = `${list.id}-${options.length}`;
        option.dataset.href = href;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        if (note) option.append(" ", element("span", "app-suggest__note", note));
        group.append(option);
        options.push(option);
      }
      list.append(group);
    }
    const open = options.length > 0 && document.activeElement === input;
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    input.removeAttribute("aria-activedescendant");
    said.textContent = open ? `${options.length} ${options.length === 1 ? "suggestion" : "suggestions"}` : "";
  }

  async function ask() {
    const text = input.value.trim();
    if (text.length < 2) return close();
    asking?.abort();
    const mine = (asking = new AbortController());
    try {
      const answer = await fetch(`/search/suggest?${new URLSearchParams({ q: text })}`, { signal: mine.signal });
      if (answer.ok && mine === asking) show((await answer.json()).groups);
    } catch (problem) {
      // No network, or a newer question: the box works without suggestions.
      if (problem.name !== "AbortError") close();
    }
  }

  const go = (option) => location.assign(option.dataset.href);

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = options.length - 1;
    if (event.key === "Escape" && !list.hidden) {
      // The first press closes the list, the next one empties the box as browsers do.
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && !list.hidden && options[active]) {
      event.preventDefault();
      go(options[active]);
    } else if (event.key === "ArrowDown" && list.hidden) {
      event.preventDefault();
      ask();
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      choose(active === last ? -1 : active + 1);
    } else if (event.key === "ArrowUp" && !list.hidden) {
      event.preventDefault();
      choose(active < 0 ? last : active - 1);
    }
  });
  input.addEventListener("blur", close);
  // Pressing the mouse would take the focus from the box, which closes the list before the click arrives.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) go(option);
  });
  // Typed before this script arrived.
  if (document.activeElement === input && input.value !== input.defaultValue) ask();
}
