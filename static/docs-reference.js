// Draws the API reference in the place of its text. Loaded on that page only; without it the text stays.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const [views, waiting, drawn, written] = ["views", "waiting", "drawn", "written"].map(byId);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let drawing = null;

  const load = (address) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.addEventListener("load", resolve);
      script.addEventListener("error", reject);
      document.head.append(script);
    });

  async function draw() {
    await load(views.dataset.renderer);
    await new Promise((resolve) => {
      globalThis.SwaggerUIBundle({
        url: views.dataset.specification,
        domNode: drawn,
        docExpansion: "list",
        layout: "ReadingLayout",
        onComplete: resolve,
        plugins: [globalThis.dozirDrawn.layout],
        syntaxHighlight: false, // its colours cannot be told from their ground
        supportedSubmitMethods: [], // keys do not belong into a page of documentation
        validatorUrl: null,
      });
    });
    globalThis.dozirDrawn.mend(drawn, JSON.parse(views.dataset.words));
  }

  // An address that leads into the text keeps the text; any other shows what is drawn.
  const textWanted = () => {
    const name = decodeURIComponent(location.hash.slice(1));
    return name === "text" || (name !== "" && written.contains(byId(name)));
  };

  async function show() {
    if (!textWanted()) {
      waiting.textContent = drawing ? "" : waiting.dataset.loading;
      drawing ??= draw();
      try {
        await drawing;
        waiting.textContent = "";
      } catch {
        waiting.textContent = waiting.dataset.failed;
        views.hidden = true;
        return;
      }
    }
    const text = textWanted();
    written.hidden = !text;
    drawn.hidden = text;
    byId("view-text").ariaCurrent = String(text);
    byId("view-explore").ariaCurrent = String(!text);
    if (text) byId(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  }

  const root = document.documentElement;
  const paint = () => {
    const chosen = root.dataset.bsTheme; // by docs-theme.js
    root.classList.toggle("dark-mode", chosen ? chosen === "dark" : dark.matches);
  };
  dark.addEventListener("change", paint);
  addEventListener("hashchange", show);
  views.hidden = false;
  paint();
  show();
})();
