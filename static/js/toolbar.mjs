// Buttons for people who do not know Markdown.
import "../vendor/toolbar/index.mjs";

const BUTTONS = [
  ["md-bold", "Bold"],
  ["md-italic", "Italic"],
  ["md-quote", "Quote"],
  ["md-unordered-list", "Bullet list"],
  ["md-ordered-list", "Numbered list"],
  ["md-link", "Link"],
];

export function start(holder) {
  const bar = document.createElement("markdown-toolbar");
  bar.setAttribute("for", holder.dataset.for);
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "Text style");
  for (const [tag, name] of BUTTONS) {
    const button = document.createElement(tag);
    button.textContent = name;
    // The element leaves its role out, and without one neither a keyboard nor a screen reader finds a button.
    button.setAttribute("role", "button");
    button.setAttribute("tabindex", "-1");
    bar.append(button);
  }
  holder.append(bar);
}
