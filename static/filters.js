// The form of filters, where htmx quickens it. Each flow works without.
(() => {
  "use strict";
  const on = (name, handler) => document.addEventListener(name, handler);

  // A filter form leaves empty fields out of the address.
  on("htmx:config:request", (event) => {
    const { request } = event.detail.ctx;
    if (request.method !== "GET" || !request.body) return;
    const page = event.detail.ctx.sourceElement?.matches("form");
    for (const [name, value] of [...request.body]) {
      if (value === "" || (page && name.startsWith("find_"))) request.body.delete(name);
    }
    if (request.body.get("period") !== "days" && request.body.has("period")) {
      request.body.delete("from");
      request.body.delete("to");
    }
    if (request.body.get("against") !== "days") {
      request.body.delete("against_from");
      request.body.delete("against_to");
    }
  });

  // A closed list of several choices says what is ticked in it.
  on("change", ({ target }) => {
    const pick = target.matches("input[type=checkbox]") && target.closest(".pick");
    if (!pick) return;
    const ticked = [...pick.querySelectorAll("input:checked")];
    const told = pick.querySelector(".pick-told");
    told.textContent = ticked.map((one) => one.labels[0].textContent.trim()).join(", ") || told.dataset.any;
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

  // What is wrong says itself; the focus goes to it when the page comes or the form was sent. Whoever
  // still types a date is not torn away.
  const lead = () => document.querySelector("[data-focus]")?.focus();
  on("htmx:after:swap", (event) => {
    markFields();
    if (event.detail.ctx?.sourceEvent?.type === "submit") lead();
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
      (field.closest(".field, fieldset") ?? field.parentElement).append(told);
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", told.id);
    }
  }

  lead();
})();
