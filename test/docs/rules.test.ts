import { testDocument } from './test-document.ts';

testDocument('docs/rules.md');
