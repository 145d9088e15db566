/** The report's style sheet: one column to read, a margin for labels on wide screens, light and dark, and paper. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fbfaf7;--card:#fff;--ink:#1c1b19;--soft:#5f5b54;--line:#e2ded5;--accent:#1f5f8b;
--severe:#9f1d20;--severe-bg:#fbe6e4;--high:#8f4a00;--high-bg:#fcecd6;--low:#5c5a00;--low-bg:#f4f1d0;--info:#3d5a66;--info-bg:#e6eef1}
@media (prefers-color-scheme:dark){:root{--paper:#161614;--card:#1f1e1b;--ink:#ece9e2;--soft:#a8a299;--line:#37342e;--accent:#8ec5ec;
--severe:#ffb3ad;--severe-bg:#4a1718;--high:#ffcf99;--high-bg:#45290a;--low:#e6df8a;--low-bg:#36340c;--info:#b4cfda;--info-bg:#1f3138}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:lining-nums}
main,header.top{max-width:46rem;margin:0 auto;padding:0 1.25rem}
header.top{padding-top:3.5rem}
h1,h2,h3{font-family:"Iowan Old Style","Palatino Linotype",Palatino,"Book Antiqua",Georgia,"DejaVu Serif",serif;font-weight:600;line-height:1.2;text-wrap:balance;margin:0}
h1{font-size:clamp(1.9rem,5.2vw,2.9rem);letter-spacing:-.015em}
h2{font-size:1.5rem;margin:3.25rem 0 1rem;padding-top:1.1rem;border-top:1px solid var(--line)}
h3{font-size:1.2rem;overflow-wrap:anywhere}
section>h3{margin-top:1.7rem}
h4{font-size:.8rem;font-weight:600;margin:1.15rem 0 .3rem;color:var(--soft)}
p{margin:.5rem 0;text-wrap:pretty}
a{color:var(--accent);text-underline-offset:.15em;text-decoration-thickness:1px;overflow-wrap:anywhere}
a:focus-visible,summary:focus-visible,.graph:focus-visible{outline:2px solid var(--accent);outline-offset:3px;border-radius:3px}
.eyebrow{color:var(--soft);font-size:.9rem;margin:0 0 .8rem}
.lede{font-size:1.15rem;color:var(--soft);max-width:38rem;margin-top:.9rem}
.note{color:var(--soft);font-size:.88rem}
.pill{display:inline-block;font-size:.78rem;font-weight:600;line-height:1;padding:.32em .6em;border-radius:99px;white-space:nowrap}
.severe{color:var(--severe);background:var(--severe-bg)}.high{color:var(--high);background:var(--high-bg)}.low{color:var(--low);background:var(--low-bg)}.info{color:var(--info);background:var(--info-bg)}
nav.parts{margin:1.6rem 0 0;font-size:.92rem;display:flex;flex-wrap:wrap;gap:.3rem 1.1rem}
table{border-collapse:collapse;width:100%;font-size:.95rem}
th{font-weight:600;text-align:left;color:var(--soft);font-size:.82rem}
th,td{padding:.55rem .8rem .55rem 0;border-bottom:1px solid var(--line);vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;padding-right:1.4rem}
td:last-child,th:last-child{padding-right:0}
.finding{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1.15rem 1.3rem 1.25rem;margin:1rem 0;break-inside:avoid-page}
.finding>header{display:flex;gap:.9rem;justify-content:space-between;align-items:baseline}
.finding .what{color:var(--soft);font-size:.9rem;margin:.2rem 0 0}
blockquote{margin:.45rem 0 0;padding:.1rem 0 .1rem .9rem;border-left:2px solid var(--line)}
blockquote p{margin:0;overflow-wrap:anywhere}
blockquote footer{font-size:.85rem;color:var(--soft);overflow-wrap:anywhere}
ul,ol{margin:.3rem 0;padding-left:1.25rem}
li{margin:.2rem 0;overflow-wrap:anywhere}
.mask{font-size:.92em;background:var(--info-bg);color:var(--info);border-radius:4px;padding:.05em .35em;white-space:nowrap}
.hops{list-style:none;padding:0;font-size:.92rem}
.hops li{padding-left:1.3rem;position:relative;margin:0;padding-bottom:.35rem}
.hops li::before{content:"";position:absolute;left:.28rem;top:.5em;width:.5rem;height:.5rem;border-radius:50%;border:1.5px solid var(--soft);background:var(--card)}
.hops li:not(:last-child)::after{content:"";position:absolute;left:.56rem;top:1.15em;bottom:-.35em;width:1.5px;background:var(--line)}
details{border-top:1px solid var(--line);margin-top:.9rem;padding-top:.6rem}
details+details{margin-top:.5rem}
summary{cursor:pointer;font-weight:600;font-size:.95rem}
details[open]>summary{margin-bottom:.4rem}
.remedy{border-top:0;margin-top:.1rem;padding-top:.2rem}
.remedy ol{padding-left:1.6rem}.remedy>p{padding-left:.35rem}
.draft{border-top:0;margin:.3rem 0 .5rem .35rem;padding-top:0}
.draft>summary{font-weight:500;color:var(--accent)}
.count{display:none}.kind{display:inline-block}.kind::first-letter{text-transform:uppercase}
.remedy small{font-weight:400;color:var(--soft);font-size:.88rem}
.letter{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit;font-size:.94rem;background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:.9rem 1rem;margin:.4rem 0 0}
.rows{padding:0;margin:0}
.rows>details{border-top:0;border-bottom:1px solid var(--line);margin:0;padding:.65rem 0}
.rows>details>summary{display:grid;grid-template-columns:1fr auto;gap:.8rem;align-items:baseline;font-weight:500;list-style:none;overflow-wrap:anywhere}
.rows>details>summary::-webkit-details-marker{display:none}
.rows>details>summary>span:first-child::before{content:"\\25B8\\00A0\\00A0";color:var(--soft);font-size:.8em}.rows>details[open]>summary>span:first-child::before{content:"\\25BE\\00A0\\00A0"}
.rows .where{color:var(--soft);font-size:.86rem;font-weight:400;text-align:right}
.rows .inner{padding:.1rem 0 .6rem}
.rows h3{margin:1.8rem 0 .3rem;font-size:1.08rem}
.graph{overflow-x:auto;border:1px solid var(--line);border-radius:10px;background:var(--card);padding:1rem}
.graph svg{display:block}
.graph text{font:11.5px system-ui,sans-serif;fill:var(--ink)}
.edge{fill:none;stroke:var(--soft);stroke-opacity:.45;stroke-width:1.2}
.node{fill:var(--paper);stroke:var(--line)}.node.own{fill:var(--info-bg);stroke:var(--info)}.node.loose{stroke-dasharray:4 3;stroke:var(--soft)}
dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:.35rem 1.4rem;margin:.6rem 0}
dl.facts dt{color:var(--soft)}dl.facts dd{margin:0;overflow-wrap:anywhere}
footer.end{max-width:46rem;margin:3.5rem auto 0;padding:1.1rem 1.25rem 3.5rem;color:var(--soft);font-size:.88rem}
@media (max-width:560px){header.top{padding-top:2rem}.finding{padding:1rem 1rem 1.1rem}h2{margin-top:2.5rem}
table.kinds thead{display:none}table.kinds,table.kinds tbody,table.kinds tr,table.kinds td{display:block}
table.kinds tr{display:grid;grid-template-columns:1fr auto;gap:.1rem .8rem;padding:.7rem 0;border-bottom:1px solid var(--line)}
table.kinds td{border:0;padding:0;text-align:left}table.kinds td.n{display:none}.count{display:inline}.count+.kind::first-letter{text-transform:none}table.kinds td.hosts{grid-column:1/-1;color:var(--soft);font-size:.88rem}
dl.facts{grid-template-columns:1fr;gap:0}dl.facts dd{margin-bottom:.6rem}
.rows>details>summary{grid-template-columns:1fr}.rows .where{text-align:left}}
@media print{:root{color-scheme:light;--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--accent:#000;
--severe:#000;--high:#000;--low:#000;--info:#000;--severe-bg:#fff;--high-bg:#fff;--low-bg:#fff;--info-bg:#fff}
body{font-size:10.5pt}.pill{border:1px solid #000}.mask{border:1px solid #999}main,header.top,footer.end{max-width:none;padding-left:0;padding-right:0}header.top{padding-top:0}
nav.parts{display:none}.finding,.letter{border-color:#bbb}.graph{overflow:visible;border:0;padding:0}.graph svg{max-width:100%;height:auto}
h2,h3,h4,summary{break-after:avoid}blockquote,li,.letter{break-inside:avoid}a{text-decoration:none}@page{margin:18mm}}
`;
