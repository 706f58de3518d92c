// Small helpers of every page. Each flow works without them.
(() => {
  "use strict";
  const on = (name, handler) => document.addEventListener(name, handler);

  // Links that change the language or the looks lead back to the address as it now is.
  on("htmx:after:history:push", () => {
    for (const link of document.querySelectorAll(".languages a, .switch a")) {
      const address = new URL(link.href);
      address.searchParams.set("next", location.pathname + location.search);
      link.href = address.pathname + address.search;
    }
  });

  // Says aloud what a replaced region now shows.
  on("htmx:after:swap", () => {
    const said = document.querySelector("[data-announce]");
    if (said) document.getElementById("announce").textContent = said.dataset.announce;
    prepare();
  });

  // Menus close by Escape and by a click elsewhere.
  const close = (except) => {
    for (const menu of document.querySelectorAll("details[data-dismiss][open]")) {
      if (menu !== except) menu.open = false;
    }
  };
  on("click", (event) => close(event.target.closest("details[data-dismiss]")));
  on("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest("details[data-dismiss][open]");
    close(null);
    if (menu) menu.querySelector("summary").focus();
  });

  // Copy buttons.
  on("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    document.getElementById("announce").textContent = button.dataset.done;
    button.title = button.dataset.done;
    const sign = button.querySelector("use");
    const address = sign.getAttribute("href");
    if (address.endsWith("#check")) return;
    sign.setAttribute("href", address.replace("#copy", "#check"));
    setTimeout(() => sign.setAttribute("href", address), 1500);
  });

  // Opens folded tables for paper.
  addEventListener("beforeprint", () => {
    for (const table of document.querySelectorAll(".chart-table")) table.open = true;
    const uk = document.documentElement.lang === "uk"; // 20.11.2026 14:05:09, as the page has it
    const now = new Intl.DateTimeFormat(uk ? "uk-UA" : "en-GB",
      { day: uk ? "2-digit" : "numeric", month: uk ? "2-digit" : "short", year: "numeric",
        hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: "Europe/Kyiv" })
      .format(new Date()).replace(",", "");
    for (const place of document.querySelectorAll("[data-printed]")) {
      place.textContent = `${place.dataset.printed} ${now}`;
    }
  });

  function prepare() {
    if (navigator.clipboard) {
      for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
    }
  }
  prepare();
})();
