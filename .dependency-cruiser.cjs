/** Who may import whom. Read top to bottom: a layer sees itself, src/shared and what its line lists. */
const sees = {
  shared: [],
  model: [],
  nova: ['model'],
  constraints: ['model', 'nova'],
  replay: ['model', 'nova', 'constraints'],
  objective: ['model', 'nova', 'constraints'],
  solve: ['model', 'nova', 'constraints', 'objective'],
  schedule: ['model', 'nova', 'constraints', 'replay'],
  plan: ['model', 'nova', 'constraints', 'replay', 'objective'],
  planning: ['model', 'nova', 'constraints', 'replay', 'objective', 'solve', 'schedule', 'plan'],
  doctor: ['model', 'nova'],
  report: [
    'model',
    'nova',
    'constraints',
    'replay',
    'objective',
    'solve',
    'schedule',
    'plan',
    'planning',
    'doctor',
    'execute',
  ],
  openstack: [],
  inventory: ['model', 'openstack'],
  catalog: ['model', 'objective', 'constraints'],
  execute: ['model', 'constraints', 'replay', 'objective', 'plan', 'inventory', 'openstack'],
};

/** No files, sockets, environment, clock, chance or console; only `solve/backends` does IO. */
const core =
  '^src/(shared|model|nova|constraints|replay|objective|solve|schedule|plan|planning|doctor|report)/(?!backends/)';

const layers = Object.entries(sees).map(([name, others]) => ({
  name: `${name}-sees-only-${others.join('-') || 'shared'}`,
  comment: `src/${name} may import ${['itself', 'src/shared', ...others.map((o) => `src/${o}`)].join(', ')}. Move the code, or pass the value in.`,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { path: '^src/', pathNot: `^src/(${[name, 'shared', ...others].join('|')})/` },
}));

/** The packages in `names` are imported by the files in `from` alone. */
const packageOnlyIn = (rule, names, from, comment) => ({
  name: rule,
  comment,
  severity: 'error',
  from: { path: '^src/', pathNot: from },
  to: { path: `(^|node_modules/)(${names})(/|$)`, pathNot: '^src/' },
});

module.exports = {
  forbidden: [
    ...layers,
    {
      name: 'folders-are-listed',
      comment: 'A new folder under src/ is a new layer: write down above what it may import.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `^src/(${[...Object.keys(sees), 'cli'].join('|')})/` },
      to: {},
    },
    {
      name: 'report-takes-types',
      comment: 'A report prints values that it is given: `import type` everything but src/shared.',
      severity: 'error',
      from: { path: '^src/report/' },
      to: { path: '^src/', pathNot: '^src/(report|shared)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'core-is-pure',
      comment:
        'The core takes values and returns values. Read files, clocks and sockets in inventory, execute or cli.',
      severity: 'error',
      from: { path: core },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'backends-come-in-as-values',
      comment: 'Only cli and the public API choose a backend; solve and planning are handed one.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(solve/backends|cli)/|^src/index\\.ts$' },
      to: { path: '^src/solve/backends/' },
    },
    packageOnlyIn(
      'zod-at-the-edges',
      'zod',
      '^src/(openstack|inventory|catalog|cli)/|^src/plan/plan-(file|schema)\\.ts$|^src/objective/goal-schema\\.ts$|^src/model/(profile|selector)-schema\\.ts$|^src/constraints/operator/rules-schema\\.ts$|^src/execute/(approval|journal|nova|simulated/faults-file)',
      'Parse at the edge; the core never sees an unparsed value.',
    ),
    packageOnlyIn(
      'solvers-in-backends',
      'highs|glpk\\.js|javascript-lp-solver',
      '^src/solve/backends/',
      'One adapter a solver, in src/solve/backends.',
    ),
    packageOnlyIn(
      'threads-in-pool',
      'tinypool',
      '^src/solve/backends/pool/',
      'Searchers run where a SearchPool says; only its adapter knows threads.',
    ),
    packageOnlyIn(
      'graphs-in-schedule-and-solve',
      'graphology|graphology-types',
      '^src/(schedule|solve)/',
      'Graphs are a tool of the scheduler and the solver, never part of a value that they return.',
    ),
    packageOnlyIn(
      'hashes-in-digest',
      '@noble/hashes',
      '^src/shared/digest\\.ts$',
      'Call src/shared/digest.ts.',
    ),
    packageOnlyIn(
      'xml-in-one-file',
      'fast-xml-parser|fast-xml-validator',
      '^src/inventory/xml-text\\.ts$',
      'Call src/inventory/xml-text.ts, which refuses XML that was made to harm.',
    ),
    packageOnlyIn(
      'yaml-in-clouds-files',
      'yaml',
      '^src/openstack/config/read-files\\.ts$',
      'Only the files of OpenStack clients are YAML.',
    ),
    packageOnlyIn('commander-in-cli', 'commander', '^src/cli/', 'The command line is read in src/cli alone.'),
    {
      name: 'nothing-imports-cli',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '^src/(index|cli/main)\\.ts$|-worker\\.ts$|\\.d\\.ts$' },
      to: {},
    },
    { name: 'src-never-imports-test', severity: 'error', from: { path: '^src/' }, to: { path: '^test/' } },
    {
      name: 'not-to-dev-dep',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'imports-resolve',
      comment:
        'What cannot be resolved is not judged by the rules above. glpk.js may be left out of an install.',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true, pathNot: '^glpk\\.js' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
