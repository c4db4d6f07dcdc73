import { testDocument } from './test-document.ts';

testDocument('docs/reviewing.md');
