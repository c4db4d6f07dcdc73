import { sha256OfText } from '../../shared/digest.ts';
import { invariant } from '../../shared/invariant.ts';
import { duration } from '../words.ts';
import { pack } from './packed.ts';
import type { PageData, PageStep } from './page-data.ts';

/** What the page runs and looks like: bundled, with nothing to load. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/**
 * The review page of a plan as one HTML file. A browser runs the one script and uses the one style in it, and asks
 * nothing of the network: its security policy names their hashes, and lets nothing else in.
 *
 * All that names and texts of the cloud say stands in one element of JSON; where no script runs, `noscript` has the
 * headline and the steps.
 */
export function pageFile(data: PageData, { script, style }: PageAssets): string {
  invariant(!/<\/script|<!--/i.test(script), 'a script must not close its element');
  invariant(!/<\/style/i.test(style), 'a style must not close its element');
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy(script, style)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${escapeHtml(data.title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<div id="page"></div>',
    `<noscript>${withoutScript(data)}</noscript>`,
    `<script type="application/json" id="plan-data">${scriptJson(data)}</script>`,
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** Inline script and style by their hashes alone. `frame-ancestors` means nothing in a meta element. */
const policy = (script: string, style: string): string =>
  [
    "default-src 'none'",
    `script-src '${hashSource(script)}'`,
    `style-src '${hashSource(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

function hashSource(text: string): string {
  const bytes = sha256OfText(text).match(/../g) ?? [];
  return `sha256-${btoa(String.fromCharCode(...bytes.map((byte) => Number.parseInt(byte, 16))))}`;
}

/** JSON that ends no element, opens no comment and is one line to every parser; the same value when it is read. */
const scriptJson = (data: PageData): string =>
  JSON.stringify(pack(data)).replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0) ?? 0};`);

/** Steps that are listed where no script runs. */
const mostSteps = 200;

function withoutScript(data: PageData): string {
  const { title, headline, steps, warnings } = data;
  const facts = headline.map(
    ([label, words]) => `<dt>${escapeHtml(label)}</dt><dd>${escapeHtml(words)}</dd>`,
  );
  const more =
    steps.length <= mostSteps
      ? ''
      : `<p>The first ${mostSteps} of ${steps.length} steps; the script of this page shows all.</p>`;
  return [
    '<main>',
    `<h1>${escapeHtml(title)}</h1>`,
    '<p>This page needs its script for the map, the timetable and the filters.</p>',
    `<dl>${facts.join('')}</dl>`,
    ...(warnings.length === 0
      ? []
      : [`<h2>Warnings</h2><ul>${warnings.map(({ text }) => `<li>${escapeHtml(text)}</li>`).join('')}</ul>`]),
    '<h2>Steps</h2>',
    `<table><thead><tr>${columns.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead><tbody>`,
    ...steps.slice(0, mostSteps).map((step) => row(step, data)),
    '</tbody></table>',
    more,
    '</main>',
  ].join('\n');
}

const columns = ['wave', 'step', 'do', 'server', 'host', 'to', 'starts after', 'takes', 'reason'] as const;

function row(step: PageStep, { servers, hosts, texts }: PageData): string {
  const { id, wave, kind, server, from, to, startSeconds, endSeconds, reason } = step;
  const cells = [
    String(wave),
    id,
    kind,
    server === undefined ? '' : (servers[server]?.name ?? ''),
    from === undefined ? '' : (hosts[from]?.name ?? ''),
    to === undefined ? '' : (hosts[to]?.name ?? ''),
    duration(startSeconds),
    duration(endSeconds - startSeconds),
    texts[reason] ?? '',
  ];
  return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`;
}
