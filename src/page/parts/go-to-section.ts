/** Takes the reader and the focus to a section of the page, by its title. */
export function goToSection(id: string): void {
  const title = document.getElementById(`${id}-title`);
  title?.focus({ preventScroll: true });
  document.getElementById(id)?.scrollIntoView();
}
