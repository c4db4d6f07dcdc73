import { testDocument } from './test-document.ts';

testDocument('docs/planning.md');
