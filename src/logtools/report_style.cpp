#include "logtools/report_page.hpp"

namespace hasim::logtools {

const std::string_view kReportStyle = R"css(:root {
  --page: #f6f7f9; --card: #ffffff; --text: #1b2430; --soft: #5a6675; --line: #dde2e8;
  --accent: #1d5fbf; --up: #2f9e79; --down: #d6402b; --recovering: #e8a317; --disabled: #6b3fa0;
  --unknown: #b6bec8; --track: #e9edf1;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161c; --card: #1b212a; --text: #e6ebf1; --soft: #9aa7b6; --line: #303946;
    --accent: #79aef5; --up: #45b890; --down: #f0654f; --recovering: #f2b942; --disabled: #ab86e0;
    --unknown: #5b6674; --track: #27303b;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1rem clamp(0.75rem, 3vw, 2rem) 3rem; max-width: 1400px;
  background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
}
h1 { font-size: 1.5rem; margin: 0.5rem 0 0; }
h2 { font-size: 1.1rem; margin: 2rem 0 0.5rem; }
header p { margin: 0.1rem 0; color: var(--soft); }
.files { overflow-wrap: anywhere; }
.tiles {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 0.75rem;
  margin: 1rem 0;
}
.tile, .card, .scroll {
  background: var(--card); border: 1px solid var(--line); border-radius: 8px;
}
.tile { padding: 0.6rem 0.8rem; }
.tile dt { color: var(--soft); font-size: 0.85rem; }
.tile dd { margin: 0; font-size: 1.45rem; font-weight: 600; line-height: 1.3; }
.tile small { display: block; font-size: 0.8rem; font-weight: 400; color: var(--soft); }
.card { padding: 0.75rem; }
.tools { display: flex; flex-wrap: wrap; gap: 0.4rem 0.5rem; align-items: center; }
.tools button {
  font: inherit; min-width: 2.5rem; min-height: 2.5rem; padding: 0 0.7rem; border-radius: 6px;
  border: 1px solid var(--line); background: var(--page); color: var(--text); cursor: pointer;
}
.tools button:hover { border-color: var(--accent); }
#range { color: var(--soft); font-variant-numeric: tabular-nums; margin-left: auto; }
.legend {
  display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; margin: 0.6rem 0; padding: 0; list-style: none;
  font-size: 0.85rem; color: var(--soft);
}
.legend i {
  display: inline-block; width: 1.3em; height: 0.8em; margin-right: 0.4em; border-radius: 2px;
  vertical-align: -0.05em;
}
.legend .up { background: var(--up); height: 0.3em; vertical-align: 0.2em; }
.legend .down { background: var(--down); }
.legend .recovering { background: var(--recovering); }
.legend .disabled {
  background: repeating-linear-gradient(135deg, var(--disabled) 0 4px, var(--card) 4px 6px);
}
.legend .unknown { background: var(--unknown); height: 0.15em; vertical-align: 0.3em; }
#chart { position: relative; }
canvas {
  display: block; width: 100%; touch-action: pan-y; cursor: crosshair; border-radius: 4px;
}
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
#tip {
  position: absolute; pointer-events: none; max-width: min(460px, 92%); padding: 0.4rem 0.6rem;
  background: var(--text); color: var(--page); border-radius: 6px; font-size: 0.85rem;
  overflow-wrap: anywhere; z-index: 1;
}
#said {
  min-height: 3.2em; margin: 0.6rem 0 0; padding: 0.4rem 0.6rem;
  border-left: 3px solid var(--accent);
  background: var(--page); overflow-wrap: anywhere; font-size: 0.9rem;
}
.hint { color: var(--soft); font-size: 0.85rem; margin: 0.4rem 0 0; }
.notice {
  margin: 0.6rem 0 0; padding: 0.4rem 0.6rem; border-left: 3px solid var(--recovering);
  background: var(--page); font-size: 0.9rem;
}
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td {
  padding: 0.35rem 0.7rem; text-align: left; border-bottom: 1px solid var(--line);
  white-space: nowrap;
}
tbody tr:last-child > * { border-bottom: 0; }
thead th { color: var(--soft); font-weight: 500; font-size: 0.85rem; }
tbody th { font-weight: 600; }
td:has(code) { white-space: normal; overflow-wrap: anywhere; }
.n { text-align: right; }
.bad { color: var(--down); }
.bar {
  display: inline-block; width: 70px; height: 0.5em; margin-right: 0.6em; border-radius: 3px;
  background: var(--down); overflow: hidden; vertical-align: 0.1em;
}
.bar i { display: block; height: 100%; background: var(--up); }
#outages tbody tr { cursor: pointer; }
#outages tbody tr:hover { background: var(--page); }
#lines-list { margin: 0; padding: 0; list-style: none; }
#lines-list li {
  padding: 0.2rem 0.5rem 0.2rem 0.6rem; border-left: 4px solid var(--line); overflow-wrap: anywhere;
  font: 0.82rem/1.45 ui-monospace, "DejaVu Sans Mono", monospace;
}
#lines-list .s0 { border-color: var(--up); }
#lines-list .s1 { border-color: var(--down); }
#lines-list .s2 { border-color: var(--recovering); }
#lines-list .s3 { border-color: var(--disabled); }
footer { color: var(--soft); font-size: 0.85rem; margin-top: 2rem; }
@media (max-width: 600px) {
  body { font-size: 14px; }
  .tiles { grid-template-columns: repeat(2, 1fr); gap: 0.5rem; }
  .tile dd { font-size: 1.2rem; }
  #range { margin-left: 0; width: 100%; }
}
@media print {
  :root {
    --page: #ffffff; --card: #ffffff; --text: #000000; --soft: #444444; --line: #bbbbbb;
    --up: #2f9e79; --down: #d6402b; --recovering: #e8a317; --disabled: #6b3fa0;
    --unknown: #b6bec8; --track: #eeeeee;
  }
  body { padding: 0; max-width: none; font-size: 11px; }
  .tools button, .hint, #tip, #said { display: none; }
  .scroll { overflow: visible; }
  th { font-size: inherit; }
  #lanes { height: auto !important; } /* drawn for the screen: letters keep their shape */
  tr, .card, .tile { break-inside: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
)css";

const std::string_view kReportTimeline = R"html(<section aria-labelledby="timeline">
<h2 id="timeline">Timeline</h2>
<div class="card">
<div class="tools">
<button type="button" id="in" aria-label="zoom in">+</button>
<button type="button" id="out" aria-label="zoom out">&minus;</button>
<button type="button" id="all">all</button>
<button type="button" id="before" aria-label="previous line">&larr;</button>
<button type="button" id="after" aria-label="next line">&rarr;</button>
<span id="range"></span>
</div>
<ul class="legend">
<li><i class="up"></i>up</li><li><i class="down"></i>down</li>
<li><i class="recovering"></i>recovering: attempts fail</li>
<li><i class="disabled"></i>disabled: no more attempts</li><li><i class="unknown"></i>not known</li>
</ul>
<div id="chart"><canvas id="lanes" tabindex="0" role="application"
aria-label="timeline of the members; arrow keys go from line to line, plus and minus zoom"
aria-describedby="said"></canvas><div id="tip" hidden></div></div>
<p id="said" role="status" aria-live="polite">Point at a mark, or focus the timeline and press an
arrow key, to read a line.</p>
<p class="hint">Wheel with Ctrl, pinch, + or &minus; to zoom; drag to move; 0 shows all; arrow keys
go from line to line, up and down from member to member. Choose an outage below to go there.</p>
</div>
<noscript><p class="notice">The timeline is drawn by a script in this page; scripts are off.</p>
</noscript>
)html";

}  // namespace hasim::logtools
