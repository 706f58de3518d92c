// Small helpers of every page. Each flow works without them.
(() => {
  "use strict";
  const on = (name, handler) => document.addEventListener(name, handler);

  // A filter form leaves empty fields out of the address.
  on("htmx:config:request", (event) => {
    const { request } = event.detail.ctx;
    if (request.method !== "GET" || !request.body) return;
    for (const [name, value] of [...request.body]) if (value === "") request.body.delete(name);
    if (request.body.get("period") !== "days" && request.body.has("period")) {
      request.body.delete("from");
      request.body.delete("to");
    }
  });

  // Links that change the language or the looks lead back to the address as it now is.
  on("htmx:after:history:push", () => {
    for (const link of document.querySelectorAll(".languages a, .switch a")) {
      const address = new URL(link.href);
      address.searchParams.set("next", location.pathname + location.search);
      link.href = address.pathname + address.search;
    }
  });

  // Back or forward before the scripts had come changed the address alone: show what it says. After
  // this htmx, which is set up by now, sees to it. What was asked for stands in the browser's timing.
  setTimeout(() => {
    const [made] = performance.getEntriesByType("navigation");
    const asked = made && new URL(made.name);
    if (history.state?.htmx && asked && asked.pathname + asked.search !== location.pathname + location.search) {
      location.reload();
    }
  });

  // Says aloud what a replaced region now shows. What is wrong says itself; the focus goes to it only
  // when the form was sent: whoever still types a date is not torn away.
  on("htmx:after:swap", (event) => {
    const said = document.querySelector("[data-announce]");
    if (said) document.getElementById("announce").textContent = said.dataset.announce;
    markFields();
    prepare(event.detail.ctx?.sourceEvent?.type === "submit");
  });

  // The fields of the filters bear what the summary now says of them, and nothing else.
  function markFields() {
    for (const old of document.querySelectorAll(".filters .field-error")) old.remove();
    for (const field of document.querySelectorAll(".filters [aria-invalid]")) {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    }
    for (const link of document.querySelectorAll("#errors .error-summary a")) {
      const field = document.getElementById(link.hash.slice(1));
      if (!field?.matches(".filters *")) continue;
      const told = document.createElement("p");
      told.id = `${field.id}-error`;
      told.className = "field-error";
      told.append(document.querySelector("#errors .icon").cloneNode(true), link.textContent);
      field.closest(".field").append(told);
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", told.id);
    }
  }

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

  function prepare(sent) {
    if (navigator.clipboard) {
      for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
    }
    if (sent) document.querySelector("[data-focus]")?.focus();
  }
  prepare(true);
})();
