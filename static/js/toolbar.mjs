// Buttons for people who do not know Markdown.
import "../vendor/toolbar/index.mjs";

const BUTTONS = [
  ["md-bold", "B", "Bold"],
  ["md-italic", "I", "Italic"],
  ["md-quote", "“", "Quote"],
  ["md-unordered-list", "•", "List"],
  ["md-ordered-list", "1.", "Numbered list"],
  ["md-link", "⧉", "Link"],
];

export function start(holder) {
  const bar = document.createElement("markdown-toolbar");
  bar.setAttribute("for", holder.dataset.for);
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "Text style");
  for (const [tag, face, name] of BUTTONS) {
    const button = document.createElement(tag);
    button.textContent = face;
    button.setAttribute("aria-label", name);
    button.setAttribute("title", name);
    bar.append(button);
  }
  holder.append(bar);
}
