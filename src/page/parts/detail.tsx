import { Literal } from './literal.tsx';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { closeDetail } from '../model/follow-address.ts';
import type { Page } from '../model/page.ts';
import type { Route } from '../model/route.ts';
import { useStore } from '../model/store.ts';
import { goToSection } from './go-to-section.ts';
import { HostDetail } from './host-detail.tsx';
import { ServerDetail } from './server-detail.tsx';
import { StepDetail } from './step-detail.tsx';

/** The step, server or host that the address names, in a panel over the page. */
export function Detail({ page }: { readonly page: Page }) {
  const route = useStore(page.route);
  const dialog = useRef<HTMLDialogElement>(null);
  const opener = useRef<Element | null>(null);
  const open = route.kind !== 'none';

  useLayoutEffect(() => {
    const panel = dialog.current;
    if (panel === null) return;
    if (open && !panel.open) {
      opener.current = document.activeElement;
      panel.showModal();
    }
    if (!open && panel.open) {
      panel.close();
      leave(opener.current, page.leftFor.get());
      page.leftFor.set(undefined);
    }
    if (open) panel.querySelector<HTMLElement>('#detail-title')?.focus();
    panel.scrollTop = 0;
  }, [page, open, route]);

  return (
    <dialog
      ref={dialog}
      class="detail"
      aria-labelledby="detail-title"
      onCancel={(event) => {
        event.preventDefault();
        closeDetail();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) closeDetail(); // outside of the panel
      }}
    >
      {open && (
        <div class="detail-body">
          <button type="button" class="close" onClick={closeDetail}>
            Close
          </button>
          <Content page={page} route={route} />
        </div>
      )}
    </dialog>
  );
}

/** The browser goes to the place that the address names after this; the focus moves once it is there. */
function leave(opener: Element | null, section: string | undefined): void {
  setTimeout(() => {
    if (section !== undefined) goToSection(section);
    else if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
  });
}

function Content({ page, route }: { readonly page: Page; readonly route: Route }) {
  switch (route.kind) {
    case 'step': {
      const step = page.index.stepById.get(route.key);
      return step === undefined ? (
        <Unknown words="No step" name={route.key} />
      ) : (
        <StepDetail page={page} index={step} />
      );
    }
    case 'server': {
      const server = page.index.serverById.get(route.key);
      return server === undefined ? (
        <Unknown words="No server" name={route.key} />
      ) : (
        <ServerDetail page={page} index={server} />
      );
    }
    case 'host': {
      const host = page.index.hostByName.get(route.key);
      return host === undefined ? (
        <Unknown words="No host" name={route.key} />
      ) : (
        <HostDetail page={page} index={host} />
      );
    }
    case 'none':
      return null;
  }
}

function Unknown({ words, name }: { readonly words: string; readonly name: string }) {
  return (
    <h2 id="detail-title" tabIndex={-1}>
      {words} <Literal text={name} /> in this plan
    </h2>
  );
}
