import { options, render } from 'preact';
import { App } from './parts/app.tsx';
import { createPage } from './model/page.ts';
import { readData } from './model/read-data.ts';
import { followAddress } from './model/follow-address.ts';
import { followPrinting } from './model/follow-printing.ts';

/** Draws the page from the data that stands in it. */
function start(): void {
  const place = document.getElementById('page');
  if (place === null) return;

  const page = createPage(readData(document), location.hash);
  followAddress(page.route);
  followPrinting(page.printing, options);
  render(<App page={page} />, place);
  performance.mark('page drawn');
}

start();
