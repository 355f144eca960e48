/** The look of the page: the system's fonts, light or dark as the reader has it. */
export const HTML_STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d8dde4, #333a44); --soft: light-dark(#5b6673, #9aa5b1);
  --good: light-dark(#15803d, #4ade80); --bad: light-dark(#b91c1c, #f87171); --warn: light-dark(#b45309, #fbbf24);
  --code: light-dark(#f3f5f8, #1b2027); }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; background: light-dark(#fff, #12161b); color: light-dark(#1b232d, #e4e9ef); }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
header { border-left: 6px solid var(--soft); padding: 0 0 0 1.25rem; margin: 0 0 2rem; }
header.good { border-color: var(--good); } header.bad { border-color: var(--bad); } header.unsure { border-color: var(--warn); }
header p { margin: 0.25rem 0; } h1 { margin: 0; font-size: 1.75rem; overflow-wrap: anywhere; }
.area, .facts { color: var(--soft); font-size: 0.875rem; } .verdict { font-weight: 600; }
h2 { font-size: 1.1rem; margin: 2rem 0 0.5rem; } h2 span { color: var(--soft); font-weight: 400; }
.case { border-top: 1px solid var(--line); padding: 0.5rem 0; } .case[open] { padding-bottom: 1rem; }
.case > summary { cursor: pointer; display: flex; flex-wrap: wrap; gap: 0.1rem 0.75rem; align-items: baseline; list-style: none; }
.case > summary b { flex: 1 1 24rem; font-weight: 500; } .case > summary code { color: var(--soft); background: none; padding: 0; }
.case > summary i { font: 600 0.7rem system-ui; letter-spacing: 0.04em; color: var(--soft); min-width: 4.5rem; text-align: right; }
.case > summary::before { content: "✓"; color: var(--good); width: 1rem; }
.case.fail > summary::before { content: "✗"; color: var(--bad); } .case.error > summary::before { content: "!"; color: var(--bad); }
.case.fail.advice > summary::before { color: var(--warn); } .advice .got { color: var(--warn); }
.case.nonstrict > summary::before { content: "~"; color: var(--warn); } .case.info > summary::before { content: "i"; color: var(--soft); }
.case.unsupported > summary::before, .case.blocked > summary::before { content: "–"; color: var(--soft); }
.message { margin: 0.5rem 0 0.25rem 1.75rem; } dl { display: grid; grid-template-columns: 5.5rem 1fr; gap: 0.35rem 0.75rem; margin: 0.5rem 0 0 1.75rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; } q { font-style: italic; }
code, pre { font: 0.85rem/1.5 ui-monospace, monospace; background: var(--code); border-radius: 4px; } code { padding: 0.1rem 0.3rem; }
pre { padding: 0.6rem 0.8rem; overflow-x: auto; margin: 0.5rem 0 0.5rem 1.75rem; } .got { color: var(--bad); }
.case details { margin: 0.5rem 0 0 1.75rem; } .case details pre { margin-left: 0; max-height: 30rem; } a { color: inherit; }
.faults { color: var(--warn); padding-left: 1.2rem; }
`;
