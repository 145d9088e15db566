/** The frame of the pages that the town shows to people about itself. */

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d9dde3, #3a4048); --soft: light-dark(#5b6470, #9aa4b1);
  --card: light-dark(#f5f7f9, #20252b); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem;
  background: light-dark(#fff, #16191d); color: light-dark(#1b1f24, #e6e9ed); }
a { color: light-dark(#0b5cad, #7cb7ff); }
small, .soft { color: var(--soft); }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; padding: .35rem .5rem; border-bottom: 1px solid var(--line); vertical-align: top; }
input { font: inherit; padding: .35rem .5rem; width: min(28rem, 70%); }
button { font: inherit; padding: .35rem .8rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
.plain { list-style: none; padding: 0; }
.bubble { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: .8rem 1rem; margin: 1rem 0;
  white-space: pre-wrap; overflow-wrap: anywhere; }
`;

/** @param body HTML, already escaped where it needs to be. */
export function layout(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body>${body}</body></html>
`;
}
