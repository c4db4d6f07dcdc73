import { Literal } from './literal.tsx';
import type { Page } from '../model/page.ts';
import { CloudMap } from './cloud-map.tsx';
import { DependencyGraph } from './dependency-graph.tsx';
import { Detail } from './detail.tsx';
import { Headline } from './headline.tsx';
import { NotDone } from './not-done.tsx';
import { StepTable } from './step-table.tsx';
import { ThemeSwitch } from './theme-switch.tsx';
import { Timetable } from './timetable.tsx';
import { WhenItFails } from './when-it-fails.tsx';

const sections = [
  ['summary', 'Summary'],
  ['map', 'Cloud'],
  ['timetable', 'Timetable'],
  ['steps', 'Steps'],
  ['order', 'Dependencies'],
  ['not-done', 'Not done'],
  ['failure', 'When a step fails'],
] as const;

/** The whole page. */
export function App({ page }: { readonly page: Page }) {
  return (
    <>
      <a class="skip" href="#main">
        Skip to the plan
      </a>
      <header class="top">
        <div class="top-row">
          <h1>
            <Literal text={page.data.title} />
          </h1>
          <p class="digest">
            plan <code>{page.data.plan}</code>
          </p>
          <ThemeSwitch theme={page.theme} printing={page.printing} />
        </div>
        <nav aria-label="Sections" class="sections">
          {sections.map(([id, words]) => (
            <a key={id} href={`#${id}`}>
              {words}
            </a>
          ))}
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        <Headline page={page} />
        <CloudMap page={page} />
        <Timetable page={page} />
        <StepTable page={page} />
        <DependencyGraph page={page} />
        <NotDone page={page} />
        <WhenItFails page={page} />
      </main>
      <Detail page={page} />
    </>
  );
}
