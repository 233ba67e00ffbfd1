/* SPDX-License-Identifier: MIT */
/*
 * html_style.c - how the HTML page looks, and its filter
 *
 * Nothing here may contain '<' or '&': the page is XML as well.
 */
#include "reports/html.h"

#include <stddef.h>

/* clang-format off */
static const char colours[] =
	":root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--dim:#57606a;"
	"--line:#d4d9df;--soft:#f4f6f8;--link:#0550ae;"
	"--good:#116329;--goodbg:#dafbe1;--some:#6f4400;--somebg:#fff3cd;"
	"--bad:#a40e26;--badbg:#ffe3e3;--info:#0a3069;--infobg:#ddf0ff}\n"
	"@media (prefers-color-scheme:dark){:root{--bg:#0f1318;--fg:#e6eaef;"
	"--dim:#9aa5b1;--line:#30373f;--soft:#181d24;--link:#79b8ff;"
	"--good:#7ee2a0;--goodbg:#10331d;--some:#f5cf73;--somebg:#3b2d05;"
	"--bad:#ffa5a5;--badbg:#45161a;--info:#a5d3ff;--infobg:#10294a}}\n";

static const char layout[] =
	"*{box-sizing:border-box}\n"
	"body{margin:0;background:var(--bg);color:var(--fg);"
	"font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}\n"
	"header,main,footer{max-width:84rem;margin:0 auto;"
	"padding:0 clamp(1rem,4vw,2.5rem)}\n"
	"header{padding-top:2rem}\n"
	"h1{font-size:1rem;letter-spacing:.06em;text-transform:uppercase;"
	"color:var(--dim);margin:0;font-weight:600}\n"
	".result{font-size:clamp(1.3rem,3vw,1.9rem);line-height:1.25;"
	"font-weight:650;margin:.3rem 0 .6rem;text-wrap:balance}\n"
	".dim{color:var(--dim)}\n"
	"nav ul{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;padding:0;"
	"margin:1rem 0 0;list-style:none;border-bottom:1px solid var(--line);"
	"padding-bottom:.8rem}\n"
	"a{color:var(--link)}\n"
	"h2{font-size:1.2rem;margin:2.2rem 0 .6rem}\n"
	".cards{display:grid;gap:1.5rem 2.5rem;align-items:start;"
	"grid-template-columns:repeat(auto-fit,minmax(min(100%,21rem),1fr))}\n"
	".wide{overflow-x:auto}\n"
	"footer{padding-top:2rem;padding-bottom:3rem}\n";

static const char tables[] =
	"table{border-collapse:collapse;width:100%}\n"
	"caption{text-align:left;color:var(--dim);padding:.2rem 0 .4rem;"
	"caption-side:top}\n"
	"th,td{text-align:left;vertical-align:top;padding:.42rem .7rem;"
	"border-bottom:1px solid var(--line);overflow-wrap:break-word}\n"
	"th:first-child,td:first-child{padding-left:.3rem}\n"
	"thead th{font-weight:600;color:var(--dim);font-size:.86rem;"
	"border-bottom-width:2px;overflow-wrap:normal}\n"
	"tbody th{font-weight:500;min-width:11rem}\n"
	"tbody th,.id{overflow-wrap:anywhere}\n"
	/* Paths and ids of any length: fixed columns, or one starves another. */
	"#keys table,#needs table{table-layout:fixed}\n"
	"#keys td{overflow-wrap:anywhere}\n"
	"#keys th:nth-child(1){width:9%}#keys th:nth-child(2){width:10%}\n"
	"#keys th:nth-child(3){width:29%}#keys th:nth-child(4){width:12%}\n"
	"#keys th:nth-child(6){width:15%}#keys th:nth-child(7){width:6%}\n"
	"#needs th:nth-child(2){width:12%}#needs th:nth-child(3){width:30%}\n"
	"#needs th:nth-child(4){width:8%}\n"
	".n{text-align:right;font-variant-numeric:tabular-nums;"
	"overflow-wrap:normal;white-space:nowrap}\n"
	".none td,.none th{color:var(--dim)}\n"
	"code,.id{font:.86em/1.5 ui-monospace,'DejaVu Sans Mono',monospace}\n"
	".status{display:inline-block;padding:.05rem .5rem;border-radius:1rem;"
	"font-size:.86rem;font-weight:600;white-space:nowrap}\n"
	".good{color:var(--good);background:var(--goodbg)}\n"
	".some{color:var(--some);background:var(--somebg)}\n"
	".bad{color:var(--bad);background:var(--badbg)}\n"
	".info{color:var(--info);background:var(--infobg)}\n";

static const char files[] =
	".pieces{overflow-x:auto}\n"
	".pieces .wide{overflow:visible;min-width:54rem;"
	"content-visibility:auto;contain-intrinsic-size:auto 8000px}\n"
	"#files table,#changes table{table-layout:fixed}\n"
	"#changes td ul{margin:0;padding-left:1.1rem}\n"
	"#changes th:nth-child(1){width:30%}\n"
	"#changes th:nth-child(2),#changes th:nth-child(3){width:11%}\n"
	"#changes td{overflow-wrap:anywhere}\n"
	"#files tr>:nth-child(1){width:40%}\n"
	"#files tr>:nth-child(2){width:6.8rem}\n"
	"#files tr>:nth-child(3){width:12.5rem}\n"
	"#files tr>:nth-child(5){width:13%}\n"
	".pieces .wide~.wide caption,.pieces .wide~.wide thead th{"
	"font-size:0;line-height:0;padding-top:0;padding-bottom:0;"
	"border:0}\n"
	"#files tbody th{font-weight:400}\n"
	"#who .id{white-space:nowrap}\n"
	"#files tbody tr:hover{background:var(--soft)}\n"
	"summary{cursor:pointer}\n"
	"summary:focus-visible,input:focus-visible,select:focus-visible,"
	"a:focus-visible{outline:2px solid var(--link);outline-offset:2px}\n"
	".where{color:var(--dim);font-size:.86rem;margin-right:.4rem}\n"
	"details>div{margin:.5rem 0 .4rem 1rem;padding:.6rem .9rem;"
	"background:var(--soft);border-radius:.4rem;"
	"border:1px solid var(--line);font-size:.92rem}\n"
	"dl{display:grid;grid-template-columns:max-content 1fr;"
	"gap:.15rem 1rem;margin:0}\n"
	"dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}\n"
	"dd ul{margin:0;padding-left:1.1rem}\n"
	"pre{overflow-x:auto;margin:.4rem 0;font:.86em/1.4 ui-monospace,"
	"'DejaVu Sans Mono',monospace}\n"
	".filter{display:flex;flex-wrap:wrap;gap:.6rem 1rem;align-items:end;"
	"margin:.4rem 0 .6rem}\n"
	".filter[hidden]{display:none}\n"
	".filter label{display:grid;gap:.15rem;font-size:.86rem;"
	"color:var(--dim)}\n"
	"input,select{font:inherit;color:inherit;background:var(--bg);"
	"border:1px solid var(--dim);border-radius:.35rem;"
	"padding:.3rem .55rem}\n"
	"input{width:min(24rem,80vw)}\n";

static const char print[] =
	"@media print{:root{--bg:#fff;--fg:#000;--dim:#444;--line:#bbb;"
	"--soft:#f7f7f7;--link:#000;--good:#000;--goodbg:#fff;--some:#000;"
	"--somebg:#fff;--bad:#000;--badbg:#fff;--info:#000;--infobg:#fff}\n"
	"html{font-size:9.5pt}body{font-size:1rem}nav,.filter{display:none}\n"
	"header,main,footer{max-width:none;padding:0}\n"
	".status{border:1px solid #444}.wide{overflow:visible}\n"
	".pieces .wide{min-width:0;content-visibility:visible}h2{break-after:avoid}\n"
	"#who .id{white-space:normal}tr{break-inside:avoid}\n"
	"thead{display:table-header-group}\n"
	"@page{margin:15mm 12mm}}\n";

const char *const html_style[] = { colours, layout, tables, files, print,
				   NULL };

/*
 * Rows are shown or hidden in slices, so the page answers while it works
 * through 200,000 of them, and a new key press abandons the old work.
 */
static const char script[] =
	"(function () {\n"
	"'use strict';\n"
	"const form = document.querySelector('.filter');\n"
	"const word = document.getElementById('word');\n"
	"const status = document.getElementById('status');\n"
	"const shown = document.getElementById('shown');\n"
	"const rows = Array.from(\n"
	"  document.querySelectorAll('#files tbody tr'));\n"
	"const texts = new Array(rows.length);\n"
	"let turn = 0;\n"
	"function fits(i, want, state) {\n"
	"  if (state) { if (rows[i].dataset.status !== state) return false; }\n"
	"  if (!want) return true;\n"
	"  if (texts[i] === undefined)\n"
	"    texts[i] = rows[i].textContent.toLowerCase();\n"
	"  return texts[i].includes(want);\n"
	"}\n"
	"function pieces() {\n"
	"  for (const body of document.querySelectorAll('#files tbody')) {\n"
	"    const n = body.querySelectorAll('tr:not([hidden])').length;\n"
	"    const piece = body.closest('.wide');\n"
	"    piece.hidden = n === 0;\n"
	"    piece.style.containIntrinsicSize = 'auto ' + n * 40 + 'px';\n"
	"  }\n"
	"}\n"
	"function work(mine, from, found, want, state) {\n"
	"  if (mine !== turn) return;\n"
	"  const to = Math.min(from + 4000, rows.length);\n"
	"  for (let i = from; i !== to; i++) {\n"
	"    const fit = fits(i, want, state);\n"
	"    if (rows[i].hidden === fit) rows[i].hidden = !fit;\n"
	"    if (fit) found++;\n"
	"  }\n"
	"  if (to !== rows.length) {\n"
	"    setTimeout(work, 0, mine, to, found, want, state);\n"
	"    return;\n"
	"  }\n"
	"  pieces();\n"
	"  shown.textContent = found.toLocaleString('en') + ' of ' +\n"
	"    rows.length.toLocaleString('en') + ' shown';\n"
	"}\n"
	"function filter() {\n"
	"  work(++turn, 0, 0, word.value.trim().toLowerCase(),\n"
	"    status.value);\n"
	"}\n"
	"form.hidden = false;\n"
	"form.addEventListener('submit', function (e) {\n"
	"  e.preventDefault();\n"
	"});\n"
	"word.addEventListener('input', filter);\n"
	"status.addEventListener('change', filter);\n"
	"filter();\n"
	"})();\n";

const char *const html_script[] = { script, NULL };
/* clang-format on */
