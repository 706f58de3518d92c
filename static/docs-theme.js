// The theme chosen in the portal, before anything is drawn: these pages are alike for all visitors, so
// that the server cannot write it into them. Without this file the system's setting holds.
(() => {
  "use strict";
  const theme = /(?:^|;\s*)theme=(light|dark)(?:;|$)/.exec(document.cookie)?.[1];
  if (!theme) return;
  document.documentElement.dataset.bsTheme = theme;
  document.querySelector("meta[name='color-scheme']").content = theme;
})();
