import { testDocument } from './test-document.ts';

testDocument('docs/operators.md');
