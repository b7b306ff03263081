'use strict';
// What the pages of hasim share. A plain script: it stands in front of the report's, and the live page's modules see
// its names as globals.

// Seconds between two marks of a time axis; a step is wide enough for its label.
const kAxisSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200,
                    10800, 21600, 43200, 86400, 172800, 604800, 1209600, 2592000, 7776000,
                    15552000, 31536000, 63072000, 157680000,
                    315360000, 788400000, 1576800000];
function axis_step(wanted) {
  return kAxisSteps.find(step => step >= wanted) || 3153600000;
}

function pad(n) { return String(n).padStart(2, '0'); }

// "1 line", "12 lines"; `several` where an s does not do.
function counted(n, one, several = one + 's') {
  return n.toLocaleString('en') + ' ' + (n === 1 ? one : several);
}

// One of the page's colours, as it is now: light or dark.
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
}

// A pattern for `ink`: `back` with slanted lines of the card's colour.
function hatch(ink, back) {
  const tile = document.createElement('canvas');
  tile.width = tile.height = 8;
  const t = tile.getContext('2d');
  t.fillStyle = back;
  t.fillRect(0, 0, 8, 8);
  t.strokeStyle = colour('card');
  t.lineWidth = 1.5;
  t.beginPath();
  for (const o of [-8, 0, 8]) { t.moveTo(o, 8); t.lineTo(o + 8, 0); }
  t.stroke();
  return ink.createPattern(tile, 'repeat');
}
