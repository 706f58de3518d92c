// The theme in place and single keys. Without this file the links of the page do the same.
(() => {
  "use strict";
  const on = (name, handler) => document.addEventListener(name, handler);

  // The theme changes in place; the server is told, so that the next page comes with it.
  on("click", (event) => {
    const link = event.target.closest("[data-preference='theme'] a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const root = document.documentElement;
    const theme = link.dataset.value;
    if (theme === "auto") delete root.dataset.bsTheme;
    else root.dataset.bsTheme = theme;
    document.querySelector("meta[name='color-scheme']").content = theme === "auto" ? "light dark" : theme;
    for (const other of link.closest("ul").querySelectorAll("a")) {
      if (other === link) other.setAttribute("aria-current", "true");
      else other.removeAttribute("aria-current");
    }
    fetch(link.href, { redirect: "manual", keepalive: true });
  });

  // Single keys: help and search, unless they are switched off or something is being typed.
  on("keydown", (event) => {
    if (document.body.dataset.shortcuts === "off" || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    // A page's own search comes before the one for everything.
    const aims = { "?": ["[data-help]"], "/": ["main [data-search]", "[data-search]"] }[event.key] ?? [];
    const found = aims.map((aim) => document.querySelector(aim)).find(Boolean);
    if (!found) return;
    event.preventDefault();
    if (event.key === "/") found.focus();
    else location.assign(found.href);
  });
})();
