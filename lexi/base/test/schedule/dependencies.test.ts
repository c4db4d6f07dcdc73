import { describe, expect, it } from 'vitest';
import { createDependencies } from '../../src/schedule/dependencies.ts';

const need = (key: string) => ({ key, reason: (step: string) => `${key} of ${step}` });

describe('createDependencies', () => {
  it('makes a step wait for who ended on its needs, in list order and with the first reason', () => {
    const dependencies = createDependencies();
    dependencies.draw('m1', []);
    dependencies.draw('m2', []);
    dependencies.end('m2', ['room', 'link']);
    dependencies.end('m1', ['link']);

    expect(dependencies.draw('m3', [need('room'), need('link')])).toMatchObject({
      dependsOn: [
        { step: 'm1', reason: 'link of m1' },
        { step: 'm2', reason: 'room of m2' },
      ],
      wave: 2,
    });
  });

  it('does not make it wait for what is still under way', () => {
    const dependencies = createDependencies();
    dependencies.draw('m1', []);

    expect(dependencies.draw('m2', [need('room')])).toMatchObject({ dependsOn: [], wave: 1 });
  });

  it('leaves out what follows from another entry', () => {
    const dependencies = createDependencies();
    dependencies.draw('m1', []);
    dependencies.end('m1', ['slot', 'room']);
    dependencies.draw('m2', [need('slot')]);
    dependencies.end('m2', ['slot']);

    expect(dependencies.draw('m3', [need('slot'), need('room')]).dependsOn).toEqual([
      { step: 'm2', reason: 'slot of m2' },
    ]);
  });

  it('keeps what was there before a step that is still under way', () => {
    const dependencies = createDependencies();
    dependencies.draw('m1', []);
    dependencies.end('m1', ['link']);
    dependencies.draw('m2', [need('link')]);

    expect(dependencies.draw('m3', [need('link')]).dependsOn).toEqual([{ step: 'm1', reason: 'link of m1' }]);
  });
});
