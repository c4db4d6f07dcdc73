import type { Page } from '../model/page.ts';
import { linkTo } from '../model/route.ts';
import { marked } from './literal.tsx';

/** As many of the widest characters as are shown. */
const longest = 11;

/** A name as it is, isolated from the text around it and cut where it is long; the whole stands in the tooltip. */
export function Name({ name }: { readonly name: string }) {
  return (
    <bdi class="name" title={name.length > longest ? name : undefined}>
      {marked(name)}
    </bdi>
  );
}

interface LinkProps {
  readonly page: Page;
  readonly index: number | undefined;
}

/** A host's name, that opens its detail. */
export function HostLink({ page, index }: LinkProps) {
  const host = index === undefined ? undefined : page.data.hosts[index];
  if (host === undefined) return null;
  return (
    <a class="thing" href={linkTo('host', host.name)}>
      <Name name={host.name} />
    </a>
  );
}

/** A server's name, that opens its detail. */
export function ServerLink({ page, index }: LinkProps) {
  const server = index === undefined ? undefined : page.data.servers[index];
  if (server === undefined) return null;
  return (
    <a class="thing" href={linkTo('server', server.id)}>
      <Name name={server.name} />
    </a>
  );
}

/** A step's id, that opens its detail. */
export function StepLink({ page, index }: LinkProps) {
  const step = index === undefined ? undefined : page.data.steps[index];
  if (step === undefined) return null;
  return (
    <a class="thing" href={linkTo('step', step.id)}>
      <Name name={step.id} />
    </a>
  );
}
