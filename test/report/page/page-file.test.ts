import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { pageFile } from '../../../src/report/page/page-file.ts';
import { readPageData } from '../../../src/report/page/packed.ts';
import { planPage } from '../../../src/report/page/plan-page.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { linkLoads } from '../../../src/plan/link-load.ts';
import { historyOf } from '../../../src/plan/history/replay-history.ts';
import { largePlan } from '../../support/large-plan.ts';
import { aCloud, aContext, aHost, aServer, hostId, serverId } from '../../support/builders.ts';
import { aMigration, aPlan } from '../sample-plan.ts';

const assets = { script: 'const a = "<p>"; draw(a);', style: 'p > b { color: red }' };

const input = (plan: Plan) => ({ plan, planFile: 'plan.json', shut: [], frozen: [] });

/** The text of the page's data. */
const dataOf = (html: string): string =>
  /<script type="application\/json" id="plan-data">(.*?)<\/script>/s.exec(html)?.[1] ?? '';

const evil = [
  '<script>alert(1)</script>',
  '</script><img src=x onerror=alert(1)>',
  '<!--<script>',
  `"'\`&amp;`,
  'right\u202eto\u2066left\u200f',
  'line\u2028and\u2029paragraph\u0000\u001b[2J\r\n',
  'x'.repeat(300),
  '</noscript><style>*{display:none}</style>',
];

describe('the file of a page', () => {
  it('lets in its own script and style by their hashes, and nothing else', () => {
    const html = pageFile(planPage(input(aPlan([aMigration()]))), assets);

    const hash = (text: string) => createHash('sha256').update(text).digest('base64');
    expect(/http-equiv="Content-Security-Policy" content="(.*?)"/.exec(html)?.[1]).toBe(
      `default-src 'none'; script-src 'sha256-${hash(assets.script)}'; style-src 'sha256-${hash(assets.style)}'; base-uri 'none'; form-action 'none'`,
    );
    expect(html).toContain(`<script>${assets.script}</script>`);
    expect(html).toContain(`<style>${assets.style}</style>`);
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html).not.toMatch(/ on[a-z]+=|https?:|src=/);
  });

  it('says its language, its title and, where no script runs, the steps', () => {
    const html = pageFile(planPage(input(aPlan([aMigration()]))), assets);

    expect(html).toContain('<html lang="en">');
    expect(html).toContain('<title>Consolidate: 1 host freed by 1 move</title>');
    const noscript = /<noscript>(.*?)<\/noscript>/s.exec(html)?.[1] ?? '';
    expect(noscript).toContain('<h1>Consolidate: 1 host freed by 1 move</h1>');
    expect(noscript).toContain(
      '<tr><td>1</td><td>s1</td><td>live</td><td>web-1</td><td>h1</td><td>h2</td><td>0 s</td><td>60 s</td><td>frees h1</td></tr>',
    );
  });

  it('lists 200 steps where no script runs, and says that there are more', () => {
    const steps = Array.from({ length: 201 }, (_, at) => aMigration({ id: `m${at + 1}` }));

    const html = pageFile(planPage(input(aPlan(steps))), assets);

    expect(html.match(/<tr><td>/g)).toHaveLength(200);
    expect(html).toContain('The first 200 of 201 steps');
  });

  it.each(evil)('keeps %j data wherever it is a name or a text', (name) => {
    const servers = [aServer('s', 'h', { name }), aServer(`s-${name}`, name, { name })];
    const cloud = aCloud({ hosts: [aHost('h', { rack: name, zone: name }), aHost(name)], servers });
    const step = aMigration({
      server: serverId('s'),
      serverName: name,
      from: hostId('h'),
      to: hostId(name),
      reason: `frees ${name}`,
      dependsOn: [{ step: 's1', reason: name }],
    });
    const made = aPlan([step], {
      warnings: [{ code: 'plan.x', text: `about ${name}`, steps: ['s1'] }],
      notDone: [{ server: serverId('s'), serverName: name, host: hostId(name), rule: 'r', reason: name }],
    });
    const plan = {
      ...made,
      basedOn: { ...made.basedOn, goal: { ...made.basedOn.goal, name } },
    };
    const data = planPage({
      ...input(plan),
      planFile: name,
      cloud: {
        cloud,
        inventoryDigest: name,
        history: historyOf(plan.steps, aContext(cloud)),
        links: linkLoads(plan.steps, cloud),
        balance: [],
      },
    });

    const html = pageFile(data, assets);

    const json = dataOf(html);
    expect(readPageData(json)).toEqual(data);
    expect(json).not.toMatch(/[<\u2028\u2029]/);
    const rest = html.replace(json, '');
    if (/[<>"']/.test(name)) expect(rest).not.toContain(name);
    // Nothing but what the page itself has.
    expect(
      rest
        .match(/<[a-z!/][^>]*>/gi)
        ?.filter((tag) => !tag.startsWith('<meta ') && /script|img|style|!--/i.test(tag)),
    ).toEqual([
      '<style>',
      '</style>',
      '<noscript>',
      '</noscript>',
      '<script type="application/json" id="plan-data">',
      '</script>',
      '<script>',
      '</script>',
    ]);
    expect(html).not.toMatch(/[\u202e\u2066\u200f\u0000\u001b\r]/);
  });

  it('refuses a script or a style that would end its element', () => {
    const data = planPage(input(aPlan([])));

    expect(() => pageFile(data, { ...assets, script: '"</SCRIPT>"' })).toThrow();
    expect(() => pageFile(data, { ...assets, script: '"<!--"' })).toThrow();
    expect(() => pageFile(data, { ...assets, style: '</style>' })).toThrow();
  });

  it('takes less than 2.2 MB of data for 1,000 hosts and 6,000 moves', () => {
    const { cloud, context, plan } = largePlan(1000, 600);
    const history = historyOf(plan.steps, context);
    const data = planPage({
      ...input(plan),
      cloud: {
        cloud,
        inventoryDigest: plan.basedOn.inventoryDigest,
        history,
        links: linkLoads(plan.steps, cloud),
        balance: [],
      },
    });

    const html = pageFile(data, { script: '', style: '' });

    expect(plan.summary.moves).toBe(6000);
    expect(history.passedOver).toEqual([]);
    expect(data.cloud?.events).toHaveLength(13_200);
    expect(new TextEncoder().encode(html).length).toBeLessThan(2_200_000);
    expect(new TextEncoder().encode(html).length).toBeGreaterThan(1_000_000);
    expect(readPageData(dataOf(html))).toEqual(data);
  });
});
